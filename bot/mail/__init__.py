"""The mail channel: mailbox in, SMTP out; everything that reads or writes mail is pure."""
