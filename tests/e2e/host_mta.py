"""Exim and Postfix for the host in a box: their programs, and configurations with one fault each.

Faults: "bounce" (unknown users are accepted and bounced), "vacation" (dave answers everyone),
"callout" (senders are verified by calling them back), "relay" (all mail leaves through
smart.example). Without one the configuration is sound.
"""
from host_box import ACCOUNTS, POSTDROP, SYSTEM

EXIM = """\
primary_hostname = box.example
qualify_domain = box.example
domainlist local_domains = box.example
acl_smtp_rcpt = acl_check_rcpt
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%slog
log_selector = +arguments +pid +subject +received_recipients
never_users = root
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
disable_ipv6
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts =
keep_environment =
delay_warning =
ignore_bounce_errors_after = 1h
timeout_frozen_after = 2d
timezone =

begin acl
acl_check_rcpt:
  accept  hosts = :
{callout}  accept  domains = +local_domains
{verify}  deny    message = relay not permitted

begin routers
remote:
  driver = manualroute
  domains = ! +local_domains
  transport = remote_smtp
  {route}
  self = send
  no_more
{vacation_router}localuser:
  driver = accept
  check_local_user
  transport = local_delivery

begin transports
remote_smtp:
  driver = smtp
  port = {sink}
  allow_localhost
local_delivery:
  driver = appendfile
  file = /var/mail/$local_part_data
  group = mail
  mode = 0660
{vacation_transport}
begin retry
* * F,2h,1m
"""
VACATION_ROUTER = """\
away:
  driver = accept
  check_local_user
  local_parts = dave
  senders = ! :
  transport = away_reply
  unseen
"""
VACATION_TRANSPORT = """\
away_reply:
  driver = autoreply
  to = $sender_address
  subject = Out of office
  text = I am away.
"""


class Exim:
    name = "exim"

    def __init__(self, sink, fault=None):
        self.sink, self.fault = sink, fault

    def install(self, box):
        for source in ("/usr/sbin/exim4",):
            box.program("exim4-daemon-light", source, mode=0o4755)
        box.program("exim4-daemon-light", "/usr/sbin/exim4", "/usr/sbin/sendmail", mode=0o4755)
        user = SYSTEM["Debian-exim"]
        box.directory("/var/spool/exim4", 0o750, user)
        box.directory("/var/log/exim4", 0o750, user)
        verify = "          verify = recipient\n" if self.fault != "bounce" else ""
        box.write("/etc/exim4/exim4.conf", EXIM.format(
            port=box.port, sink=self.sink.port, verify=verify,
            callout="  deny    ! verify = sender/callout=10s\n" if self.fault == "callout" else "",
            route=("route_list = * smart.example byname" if self.fault == "relay"
                   else "route_data = 127.0.0.1"),
            vacation_router=VACATION_ROUTER if self.fault == "vacation" else "",
            vacation_transport=VACATION_TRANSPORT if self.fault == "vacation" else ""))

    def daemon(self, _):
        return ["/usr/sbin/exim4", "-bdf", "-q30s"]

    @staticmethod
    def log(box):
        return _read(box.path("/var/log/exim4/mainlog")) + _read(box.path("/var/log/exim4/paniclog"))


MAIN = """\
compatibility_level = 3.6
myhostname = box.example
mydestination = box.example
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = /var/spool/postfix
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = /var/log/mail.log
alias_maps =
alias_database =
smtp_host_lookup = native
smtp_dns_support_level = disabled
mail_spool_directory = /var/mail
biff = no
smtpd_relay_restrictions = reject_unauth_destination
{fault}
"""
FAULTS = {
    None: "",
    "bounce": "local_recipient_maps =",
    "vacation": "",
    "callout": "smtpd_sender_restrictions = reject_unverified_sender\n"
               "address_verify_poll_count = 20",
    "relay": "relayhost = [smart.example]:{sink}",
}
MASTER = """\
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
# Stands for vacation(1): answers whoever the envelope names, as the mailbox's owner.
AWAY = """\
#!/bin/sh
cat > /dev/null
[ -n "$SENDER" ] || exit 0
printf 'To: %s\\nSubject: Out of office\\n\\nI am away.\\n' "$SENDER" |
  /usr/sbin/sendmail -i -f '<>' "$SENDER"
"""


class Postfix:
    name = "postfix"

    def __init__(self, sink, fault=None):
        self.sink, self.fault = sink, fault

    def install(self, box):
        for program in ("anvil", "bounce", "cleanup", "discard", "error", "flush", "local", "master",
                        "pickup", "postlogd", "proxymap", "qmgr", "scache", "showq", "smtp", "smtpd",
                        "trivial-rewrite", "verify"):
            box.program("postfix", "/usr/lib/postfix/sbin/" + program)
        box.program("postfix", "/usr/sbin/sendmail")
        box.program("postfix", "/usr/sbin/postlog")
        for program in ("postdrop", "postqueue"):
            box.program("postfix", "/usr/sbin/" + program, mode=0o2755, group=POSTDROP)
        user = SYSTEM["postfix"]
        box.directory("/var/spool/postfix")
        box.directory("/var/spool/postfix/pid")
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
                     "private", "saved", "trace"):
            box.directory("/var/spool/postfix/" + name, 0o700, user)
        box.directory("/var/spool/postfix/maildrop", 0o1730, user, POSTDROP)
        box.directory("/var/spool/postfix/public", 0o2710, user, POSTDROP)
        box.directory("/var/lib/postfix", 0o700, user)
        sink = self.sink.port
        box.write("/etc/postfix/main.cf",
                  MAIN.format(fault=FAULTS[self.fault].format(sink=sink)) +
                  ("" if self.fault == "relay" else
                   "transport_maps = regexp:/etc/postfix/transport\n"))
        box.write("/etc/postfix/transport",
                  f"/@box\\.example$/ local:\n/./ smtp:[127.0.0.1]:{sink}\n")
        box.write("/etc/postfix/master.cf", MASTER.format(port=box.port))
        if self.fault == "vacation":
            box.write("/usr/local/bin/away", AWAY, 0o755)
            box.write("/home/dave/.forward", '\\dave, "|/usr/local/bin/away"\n',
                      owner=ACCOUNTS["dave"])

    def daemon(self, _):
        return ["/usr/lib/postfix/sbin/master", "-d"]

    @staticmethod
    def log(box):
        return _read(box.path("/var/log/mail.log"))


def _read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
