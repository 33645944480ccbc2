"""What a packed sample is: mail sinks in text, packing families, and a second, plain decoder.

Its own file because `packed.py` must know without backscan's help which samples send mail only from
inside their layers: otherwise the unpacker would choose its own questions. The decoder here is plain
on purpose: it decodes what stands in the file, whatever the code around it does with it.
"""

import base64
import binascii
import re
import urllib.parse
import zlib

# A call of a mail function, not a method, a declaration or a word of prose; SMTP spoken; a library.
SINK = re.compile(
    rb"(?<![\w>:$\\-])(?<!function )(?<!new )@?(?:mb_send_mail|imap_mail|wp_mail|mail)\s*\(\s*[$\"'@\w(]"
    rb"|RCPT TO\s*:|->AddAddress\s*\(|sendmail\s+-(?:t|oi|bs)\b",
    re.IGNORECASE)

# The first that fits names the family. Where a wrapper is generic, its decoders name it.
FAMILIES = (
    ("FOPO", rb"(?i)obfuscation provided by fopo|fopo\.com\.ar"),
    ("commercial encoder", rb"(?i)ioncube|sg_load\s*\(|zend_loader|@Zend;"),
    ("goto dispatch", rb"goto\s+\w+\s*;(?:[^;]*;){0,3}\s*\w+:(?:.{0,3000}?goto\s+\w+\s*;){5}"),
    ("self-reading (__FILE__, __halt_compiler)",
     rb"(?i)(?:file_get_contents|fopen|file|substr)\s*\(\s*(?:\w+\s*\(\s*)*__FILE__|__halt_compiler"
     rb"|\$\w+\s*=\s*__FILE__"),
    ("$GLOBALS string table", rb"(?i)\$GLOBALS\s*\[[^\]]{1,60}\]\s*[\[{(]|\$\{\s*[\"']\\x47|GLOBALS[\"']\}\["),
    ("xor with a key", rb"(?i)(?:ord\s*\([^;]{1,60}\)|\$\w+[\[{][^\]};]{1,30}[\]}])\s*\^"),
    ("preg_replace /e", rb"(?i)preg_replace\s*\(\s*[\"'](?:/[^\"']{0,80}/[imsx]*e|\\x|\.\*)"),
    ("create_function / assert", rb"(?i)create_function\s*\(|\bassert\s*\("),
    ("alphabet indexed by number", rb"(?:\$\w+\s*[\[{]\s*\d+\s*[\]}]\s*\.\s*){3}"),
    ("escaped names", rb"(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3}){6}"),
    ("chr() chains", rb"(?i)(?:chr\s*\(\s*\d+\s*\)\s*\.\s*){4}"),
    ("str_rot13 / strrev / convert_uu", rb"(?i)str_rot13|strrev|convert_uudecode"),
    ("eval + gzinflate + base64", rb"(?i)gzinflate|gzuncompress|gzdecode"),
    ("eval + base64", rb"(?i)base64_decode"),
    ("pieces and variable functions", rb"\$\w+\s*\(\s*(?:\$\w+\s*\(|[\"'][^\"']{200})"),
)
FAMILIES = tuple((name, re.compile(pattern, re.DOTALL)) for name, pattern in FAMILIES)
EVALUATES = re.compile(
    rb"(?i)\beval\s*\(|\bassert\s*\(|create_function|preg_replace|\$\w+\s*(?:\[[^\]]*\])?\s*\("
    rb"|goto\s+\w+\s*;|call_user_func|\]\s*\(|\}\s*\(")
# What may hold a program: a long run without blanks, many escapes, numbers, or a maze of jumps.
PAYLOAD = tuple(re.compile(pattern, re.DOTALL) for pattern in (
    rb"[^\s<>(){};]{300}", rb"(?:(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})[^\\\"'\n]{0,9}){60}",
    rb"(?:\d{1,3}\s?,\s?){80}", rb"[\x80-\xff\x00-\x08]{200}",
    rb"(?:goto\s+\w+\s*;.{1,3000}?){20}"))
RUN = re.compile(rb"[A-Za-z0-9+/=\r\n]{120,}|(?:%[0-9a-fA-F]{2}){20,}"
                 rb"|(?:\\x[0-9a-fA-F]{1,2}|\\[0-7]{1,3})(?:\\x[0-9a-fA-F]{1,2}|\\[0-7]{1,3}|[^\\\"']){40,}")
TEXT = re.compile(rb"[A-Za-z0-9+/=\s]+")
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ROT13 = bytes.maketrans(ALPHABET, ALPHABET[13:26] + ALPHABET[:13] + ALPHABET[39:] + ALPHABET[26:39])
NO_BASE64 = bytes(set(range(256)) - set(ALPHABET + b"0123456789+/"))
JOIN = re.compile(rb"[\"']\s*\.\s*[\"']")
ESCAPE = re.compile(rb"\\x([0-9a-fA-F]{1,2})|\\([0-7]{1,3})")
MAX_DEPTH = 12
MAX_RUNS = 60  # of a text, the longest first: a payload is long
MAX_TEXTS = 150  # of a file
MAX_TEXT = 4 * 1024 * 1024
HIGH = bytes(range(128, 256))
PRINTABLE = bytes([9, 10, 13, *range(32, 127)]) + HIGH


def has_sink(text: bytes) -> bool:
    """True where a mail sink is called in `text`, commented out or not."""
    return SINK.search(text) is not None


def family_of(data: bytes) -> str:
    for name, pattern in FAMILIES:
        if pattern.search(data[:MAX_TEXT]):
            return name
    return "none of these"


def has_payload(data: bytes) -> bool:
    return any(pattern.search(data[:MAX_TEXT]) for pattern in PAYLOAD)


def looks_packed(data: bytes) -> bool:
    """A packing sign, something that runs what was packed, and enough bytes that may be packed."""
    return (family_of(data) != "none of these" and EVALUATES.search(data) is not None
            and has_payload(JOIN.sub(b"", data)))


def is_readable(text: bytes) -> bool:
    """Program text rather than data: printable, with statements."""
    head = text[:20000]
    high = len(head) - len(head.translate(None, HIGH))
    return (b";" in head and b"$" in head and len(head.translate(None, PRINTABLE)) < 0.03 * len(head)
            and high < 0.4 * len(head))


def unescape(text: bytes) -> bytes:
    def character(match):
        value = int(match[1], 16) if match[1] else int(match[2], 8)
        return bytes([value & 255])
    return ESCAPE.sub(character, text)


def inflate(data: bytes) -> bytes:
    """The first reading as raw deflate, zlib or gzip that gives anything."""
    for bits in (-15, 15, 31):
        try:
            text = zlib.decompressobj(bits).decompress(data, MAX_TEXT)
        except zlib.error:
            continue
        if len(text) > 40:
            return text
    return b""


def decodings(run: bytes):
    """Everything that `run` may stand for, one step on."""
    packed = re.sub(rb"\s", b"", run)
    for text in (packed, packed[::-1], packed.translate(ROT13)):
        clean = text.translate(None, NO_BASE64)
        try:
            yield base64.b64decode(clean + b"=" * (-len(clean) % 4))
        except (binascii.Error, ValueError):
            pass
    if re.fullmatch(rb"[0-9a-fA-F]+", packed) and len(packed) % 2 == 0:
        yield bytes.fromhex(packed.decode())
    if b"%" in run:
        yield urllib.parse.unquote_to_bytes(run)
    if b"\\" in run:
        yield unescape(run)


def plainly_decoded(data: bytes, depth: int = 0, seen=None):
    """Texts inside `data`, each once, found by trying the usual decoders on every long run."""
    seen = set() if seen is None else seen
    if depth >= MAX_DEPTH or len(data) > MAX_TEXT:
        return
    runs = sorted(RUN.findall(JOIN.sub(b"", data)), key=len, reverse=True)[:MAX_RUNS]
    for run in runs:
        for step in decodings(run):
            for text in (step, step.translate(ROT13), inflate(step), inflate(step.translate(ROT13)),
                         inflate(step[::-1])):
                if (len(text) >= 60 and len(seen) < MAX_TEXTS and text not in seen
                        and (is_readable(text) or TEXT.fullmatch(text))):
                    seen.add(text)
                    yield text
                    yield from plainly_decoded(text, depth + 1, seen)
