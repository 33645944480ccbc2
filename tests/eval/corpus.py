"""What is measured: labelled files, malicious collections and clean trees, read from disk.

Its own file because it alone decides which files count, and every engine is measured on the same
list. Nothing read here is ever executed.
"""

import dataclasses
import hashlib
import os
import pathlib
import shutil
import zipfile

PHP_SUFFIXES = (".php", ".php3", ".php4", ".php5", ".php7", ".php8", ".phtml", ".pht", ".inc")
# Prose, data and other languages that lie in collections beside the samples.
OTHER_SUFFIXES = (
    ".md", ".txt", ".html", ".htm", ".rst", ".json", ".xml", ".yml", ".yaml", ".yar", ".yara",
    ".ndb", ".hdb", ".csv", ".tsv", ".py", ".pl", ".rb", ".sh", ".js", ".css", ".asp", ".aspx",
    ".jsp", ".jspx", ".cfm", ".pdf", ".doc", ".docx", ".rtf", ".jpg", ".jpeg", ".png", ".gif",
    ".ico", ".zip", ".gz", ".rar", ".7z", ".jar", ".war", ".exe", ".dll", ".chm", ".scans", ".log")
MAX_BYTES = 16 * 1024 * 1024
ARCHIVE_MARK = ".zip.d/"  # "kit.zip.d/form.php" in a label: the member form.php of kit.zip


@dataclasses.dataclass(frozen=True)
class Sample:
    """One file that counts. `label` is its class, or "malicious" where only the collection says so."""

    path: pathlib.Path
    collection: str
    label: str


def is_php(path: pathlib.Path, data: bytes) -> bool:
    """True for PHP by name, or by its open tag where the name says nothing."""
    name = path.name.lower()
    if name.endswith(PHP_SUFFIXES):
        return b"<?" in data
    return not name.endswith(OTHER_SUFFIXES) and b"<?php" in data[:65536].lower()


def is_brought_along(path: pathlib.Path, data: bytes) -> bool:
    """True for what lies in a collection without being part of any attack.

    Libraries that Composer installed below a sample (`vendor/` with its own loader), and scripts for
    the command line (`#!` first), with which whoever collected the samples takes them apart.
    """
    if data.startswith(b"#!"):
        return True
    for parent in path.parents:
        if parent.name == "vendor":
            return (parent / "composer").is_dir()
    return False


def walk(root: pathlib.Path):
    """Regular files below `root` in a stable order; links and version control are left alone."""
    for directory, names, files in os.walk(root):
        names[:] = sorted(n for n in names if n not in (".git", ".svn", ".hg"))
        for name in sorted(files):
            path = pathlib.Path(directory, name)
            if not path.is_symlink() and path.is_file():
                yield path


def read(path: pathlib.Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            return b""
        return path.read_bytes()
    except OSError:
        return b""


def extract(archive: pathlib.Path, target: pathlib.Path) -> None:
    """Unpacks a zip below `target`; members that would lie elsewhere are skipped."""
    try:
        with zipfile.ZipFile(archive) as members:
            for member in members.infolist():
                parts = pathlib.PurePosixPath(member.filename.replace("\\", "/")).parts
                if member.is_dir() or not parts or ".." in parts or parts[0] == "/":
                    continue
                place = target.joinpath(*parts)
                place.parent.mkdir(parents=True, exist_ok=True)
                with members.open(member) as source, open(place, "wb") as out:
                    shutil.copyfileobj(source, out)
    except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError):
        return  # Encrypted or broken: its labels are reported as missing.


def read_labels(label_file: pathlib.Path, root: pathlib.Path, scratch: pathlib.Path):
    """Samples of a label list (path, class, note; tab-separated) and the paths that do not exist.

    Archives that labels name are unpacked below `scratch`.
    """
    samples, missing, unpacked = [], [], set()
    for line in label_file.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) < 2 or line.startswith("#"):
            continue
        name, label = fields[0], fields[1]
        path = root / name
        if ARCHIVE_MARK in name and not path.is_file():
            archive = name.split(ARCHIVE_MARK)[0] + ".zip"
            if archive not in unpacked:
                unpacked.add(archive)
                extract(root / archive, scratch / (archive + ".d"))
            path = scratch / name
        if path.is_file():
            samples.append(Sample(path, name.split("/")[0], label))
        else:
            missing.append(name)
    return samples, missing


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def read_malicious(collections, root, labelled, excluded, clean=()):
    """PHP files of whole `collections`, unless labelled already or below an `excluded` path.

    What is byte for byte a file of the `clean` trees, or was only brought along, is left out.
    """
    known = {sample.path for sample in labelled}
    honest = {digest(read(sample.path)) for sample in clean}
    samples = []
    for collection in collections:
        for path in walk(root / collection):
            relative = path.relative_to(root).as_posix()
            if path in known or any(relative.startswith(prefix) for prefix in excluded):
                continue
            data = read(path)
            if is_php(path, data) and not is_brought_along(path, data) and digest(data) not in honest:
                samples.append(Sample(path, collection, "malicious"))
    return samples


def read_seen(roots, label):
    """PHP files below `roots`, one a content."""
    found = {}
    for root in roots:
        for path in walk(root):
            data = read(path)
            if is_php(path, data):
                found.setdefault(digest(data), Sample(path, root.name, label))
    return list(found.values())


def read_clean(roots):
    """PHP files of clean trees by name, as `find -name '*.php'` counts them."""
    return [Sample(path, root.name, "clean") for root in roots for path in walk(root)
            if path.name.lower().endswith(PHP_SUFFIXES)]
