"""The settings of the mail channel: the mailbox, the server that mail is handed to, and belief."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from config.faults import wrong
from config.section import Section
from config.values import (
    Count,
    MailAddress,
    OptionalDomain,
    OptionalUrl,
    Port,
    RsaKey,
    Seconds,
    Text,
    is_loopback,
)

Tls = Literal["implicit", "starttls", "none"]
_TLS = '"implicit", "starttls" or "none"'


class Imap(Section):
    """The mailbox that is read. Durations in seconds."""

    host: Text = Field(description="the name of the IMAP server")
    port: Port = Field(default=993, description="a port number from 1 to 65535")
    tls: Tls = Field(default="implicit", description=_TLS)
    user: Text = Field(description="the user name of the mailbox")
    authentication: Literal["password", "xoauth2", "oauthbearer"] = Field(
        default="password", description='"password", "xoauth2" or "oauthbearer"'
    )
    password: SecretStr = Field(
        default=SecretStr(""), validate_default=True, description="the password of the mailbox"
    )
    mailbox: Text = Field(default="INBOX", description="the name of a folder of the mailbox")
    idle_renew_seconds: Seconds = Field(default=420, description="a number of seconds above 0")
    deadline_seconds: Seconds = Field(default=30, description="a number of seconds above 0")

    @field_validator("password")
    @classmethod
    def _needed_to_log_in(cls, password: SecretStr, info: ValidationInfo) -> SecretStr:
        if not password and info.data.get("authentication") == "password":
            raise PydanticCustomError("missing", "missing")
        return password

    @field_validator("tls")
    @classmethod
    def _plain_text_stays_here(cls, tls: Tls, info: ValidationInfo) -> Tls:
        if tls == "none" and not is_loopback(info.data.get("host", "localhost")):
            raise wrong('"implicit" or "starttls" ("none" only if the host is this machine)')
        return tls


class Smtp(Section):
    """The server that mail is handed to. Durations in seconds."""

    host: Text = Field(description="the name of the SMTP server")
    port: Port = Field(default=587, description="a port number from 1 to 65535")
    user: str = Field(default="", description="a user name, or nothing if the server asks for none")
    authentication: Literal["password", "xoauth2"] = Field(
        default="password", description='"password" or "xoauth2"'
    )
    password: SecretStr = Field(
        default=SecretStr(""), validate_default=True, description="the password of mail.smtp.user"
    )
    tls: Tls = Field(default="starttls", description=_TLS)
    connections: Count = Field(default=4, description="a whole number above 0")
    deadline_seconds: Seconds = Field(default=30, description="a number of seconds above 0")

    @field_validator("password")
    @classmethod
    def _goes_with_user(cls, password: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("authentication") == "xoauth2":
            if not info.data.get("user"):
                raise wrong("a user name in mail.smtp.user, whose token is shown")
            return password
        if bool(info.data.get("user")) is not bool(password):
            raise wrong("mail.smtp.user and mail.smtp.password to be given together, or neither")
        return password

    @field_validator("tls")
    @classmethod
    def _no_password_in_plain_text(cls, tls: Tls, info: ValidationInfo) -> Tls:
        far = not is_loopback(info.data.get("host", "localhost"))
        if tls == "none" and far and info.data.get("user"):
            raise wrong('"implicit" or "starttls" ("none" would show the password to the network)')
        return tls


class Dkim(Section):
    """A signature under every mail (RFC 6376), where the mail server adds none by itself."""

    domain: OptionalDomain = Field(default="", description="the name of a domain, or nothing")
    selector: OptionalDomain = Field(
        default="", description="the selector of the key in the DNS, or nothing"
    )
    key: RsaKey = Field(
        default=SecretStr(""),
        validate_default=True,
        description="an RSA private key in PEM form (-----BEGIN …)",
    )

    @field_validator("key")
    @classmethod
    def _goes_with_its_place(cls, key: SecretStr, info: ValidationInfo) -> SecretStr:
        given = {bool(info.data.get("domain")), bool(info.data.get("selector")), bool(key)}
        if "domain" in info.data and "selector" in info.data and len(given) > 1:
            raise wrong("mail.dkim.domain, selector and key to be given together, or none of them")
        return key


class Oauth(Section):
    """Where access tokens come from, if the mail server takes these instead of a password."""

    token_url: OptionalUrl = Field(
        default="", description="the URL of a token service (https://…), or nothing"
    )
    client_id: str = Field(default="", description="the id of a registered client, or nothing")
    client_secret: SecretStr = Field(
        default=SecretStr(""), description="the secret of the client, or nothing"
    )
    refresh_token: SecretStr = Field(
        default=SecretStr(""), description="a refresh token, or nothing"
    )
    scope: str = Field(default="", description="scopes with spaces in between, or nothing")

    @field_validator("token_url")
    @classmethod
    def _secrets_in_no_plain_text(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise wrong("a URL that begins with https:// (secrets are sent there)")
        return url


class Mail(Section):
    """The platform's address, and when the sender of a mail is believed."""

    address: MailAddress = Field(description="a mail address")
    sender_name: str = Field(
        default="", description="a name, or nothing for the name of the platform"
    )
    trust: Literal["authentication-results", "token-only"] = Field(
        default="authentication-results", description='"authentication-results" or "token-only"'
    )
    authserv_id: str = Field(
        default="", validate_default=True, description="the name of a mail server"
    )
    plus_addressing: bool = Field(default=True, description="true or false")
    max_bytes: Count = Field(default=26_214_400, description="a number of bytes above 0")
    parse_seconds: Seconds = Field(default=10, description="a number of seconds above 0")
    sent_mailbox: Text = Field(default="Sent", description="the name of a folder of the mailbox")
    quarantine_mailbox: Text = Field(
        default="Quarantaine", description="the name of a folder of the mailbox"
    )
    unclear_after_seconds: Seconds = Field(default=30, description="a number of seconds above 0")
    return_tokens: bool = Field(default=True, description="true or false")
    per_domain: Count = Field(default=2, description="a whole number above 0")
    dkim: Dkim = Field(default=Dkim(), description="a section")
    imap: Imap = Field(description="a section with the host, user and password of a mailbox")
    smtp: Smtp = Field(description="a section with the host of a mail server")
    oauth: Oauth = Field(default=Oauth(), validate_default=True, description="a section")

    @field_validator("authserv_id")
    @classmethod
    def _needed_to_believe(cls, authserv_id: str, info: ValidationInfo) -> str:
        # Also where mail.trust is itself wrong: both faults are told at once.
        if info.data.get("trust") != "token-only" and not authserv_id.strip():
            raise wrong(
                "the authserv-id that your own mail server writes in Authentication-Results"
                ' (or mail.trust = "token-only")'
            )
        return authserv_id.strip()

    @field_validator("dkim")
    @classmethod
    def _signs_for_its_address(cls, dkim: Dkim, info: ValidationInfo) -> Dkim:
        domain = str(info.data.get("address", "")).rpartition("@")[2].lower()
        # Another domain's signature proves nothing of this sender (RFC 7489, section 3.1.1).
        if dkim.domain and domain and not f".{domain}".endswith(f".{dkim.domain.lower()}"):
            raise wrong("mail.dkim.domain to be the domain of mail.address, or one above it")
        return dkim

    @field_validator("oauth")
    @classmethod
    def _needed_for_tokens(cls, oauth: Oauth, info: ValidationInfo) -> Oauth:
        sides = (info.data.get("imap"), info.data.get("smtp"))
        wanted = any(side is not None and side.authentication != "password" for side in sides)
        if wanted and not (oauth.token_url and oauth.client_id):
            raise wrong("token_url and client_id, for mail.imap or mail.smtp shows access tokens")
        if wanted and not (oauth.refresh_token or oauth.client_secret):
            raise wrong("a refresh_token or a client_secret, to get access tokens with")
        return oauth
