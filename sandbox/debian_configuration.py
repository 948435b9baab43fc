"""What Debian's Dovecot and Postfix are told by the sandbox: everything in one directory, loopback
only, high ports, nothing of /etc.
"""

from __future__ import annotations

from string import Template

DOVECOT = Template("""
base_dir = $dir/run/dovecot
state_dir = $dir/state
log_path = $dir/dovecot.log
auth_verbose = yes
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <$dir/tls/server.pem
ssl_key = <$dir/tls/server.key
# The people of the tests need no TLS on this machine; the bot does.
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
recipient_delimiter = +
mail_location = maildir:$dir/mail/%u/Maildir
mail_uid = $uid
mail_gid = $gid
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 100
namespace inbox {
  inbox = yes
  separator = /
}
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u $dir/users
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $dir/oauth2.conf
}
userdb {
  driver = static
  # Postfix knows who exists; to ask the passdb of access tokens would be an error.
  args = allow_all_users=yes uid=$uid gid=$gid home=$dir/mail/%u
}
service imap-login {
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service lmtp {
  unix_listener $dir/run/lmtp {
    mode = 0666
  }
}
service auth {
  unix_listener $dir/run/auth {
    mode = 0666
  }
}
# Failures are wanted here, and nobody guesses: no pause after them.
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
protocol lmtp {
  postmaster_address = postmaster@$domain
}
""")

OAUTH2 = Template("""
introspection_mode = post
introspection_url = $introspection_url
username_attribute = username
active_attribute = active
active_value = true
tokeninfo_url =
timeout_msecs = 2000
""")

POSTFIX_MAIN = Template("""
compatibility_level = 3.6
queue_directory = $dir/spool
data_directory = $dir/postfix-data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = $dir/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = $dir/postfix.log
maillog_file_prefixes = $dir
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = $hostname
mydestination =
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
recipient_delimiter = +
virtual_mailbox_domains = $domains
virtual_mailbox_maps = texthash:$dir/postfix/mailboxes
virtual_transport = lmtp:unix:$dir/run/lmtp
# There is no way out of this machine: other mail is accepted, tried once, and comes back.
relayhost = [127.0.0.1]:9
maximal_queue_lifetime = 0
smtp_dns_support_level = disabled
smtpd_tls_cert_file = $dir/tls/server.pem
smtpd_tls_key_file = $dir/tls/server.key
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $dir/run/auth
smtpd_sasl_local_domain = $domain
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
in_flow_delay = 0s
smtputf8_enable = yes
message_size_limit = 40960000
mailbox_size_limit = 0
header_checks = regexp:$dir/postfix/header_checks
""")

POSTFIX_MASTER = Template("""
127.0.0.1:$smtp inet n - n - - smtpd
  -o smtpd_tls_security_level=none
  -o smtpd_tls_auth_only=no
  -o smtpd_sasl_auth_enable=yes
127.0.0.1:$submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
""")

HEADER_CHECKS = Template(r"""
/^Authentication-Results: *$authserv_pattern\b/ IGNORE
/^From:.*@([A-Za-z0-9.-]+)/ PREPEND Authentication-Results: $authserv_id; dmarc=pass header.from=$$1
""")
"""In the place of a milter that checks DMARC: forged verdicts go, and everybody is who they say."""
