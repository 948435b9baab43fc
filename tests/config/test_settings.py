"""The settings: what is accepted, where it comes from, and how faults are told."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from config import settings as module
from config.faults import Kind, fields_of, is_secret, leaves, submodel
from config.settings import ConfigurationError, Settings, load, parse

EXAMPLE = Path(module.__file__).with_name("example.toml")
SECRETS = {
    "SUPRACOM_PLATFORM__SECRET": "s" * 32,
    "SUPRACOM_MATRIX__PASSWORD": "matrix-pass",
    "SUPRACOM_MAIL__IMAP__PASSWORD": "imap-pass",
}


def example() -> dict[str, Any]:
    return tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))


def put(table: dict[str, Any], key: str, value: object) -> None:
    *sections, name = key.split(".")
    for section in sections:
        table = table.setdefault(section, {})
    table[name] = value


def faults(
    changes: dict[str, object], environ: dict[str, str] | None = None, folder: Path = Path("/etc/s")
) -> list[str]:
    """The lines that come out of the example with some keys changed."""
    table = example()
    for key, value in changes.items():
        put(table, key, value)
    with pytest.raises(ConfigurationError) as caught:
        parse(table, folder, {**SECRETS, **(environ or {})})
    return str(caught.value).splitlines()


def accepted(
    changes: dict[str, object], environ: dict[str, str] | None = None, folder: Path = Path("/etc/s")
) -> Settings:
    table = example()
    for key, value in changes.items():
        put(table, key, value)
    return parse(table, folder, {**SECRETS, **(environ or {})})


def value_of(settings: Settings, key: str) -> Any:
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value


# The example


def test_example_loads() -> None:
    settings = load(EXAMPLE, SECRETS)
    assert settings.mail.imap.port == 993
    assert settings.platform.contact.function == "Coordination de la plateforme"
    assert settings.mail.imap.password.get_secret_value() == "imap-pass"
    assert settings.platform.zone.key == "Europe/Brussels"


def keys_in(text: str) -> dict[str, str]:
    """Every key of the example, commented out or not, with the line that gives it."""
    section, found = "", {}
    for line in text.splitlines():
        if header := re.fullmatch(r"\[([a-z.]+)\]", line):
            section = header[1]
        elif entry := re.fullmatch(r"#?(([a-z_]+) = .*)", line):
            found[f"{section}.{entry[2]}"] = entry[1]
    return found


def test_example_shows_every_key() -> None:
    shown = keys_in(EXAMPLE.read_text(encoding="utf-8")).keys()
    known = dict(leaves(Settings))
    secret_files = {f"{key}_file" for key, field in known.items() if is_secret(field)}
    assert shown == known.keys() | secret_files


def test_example_shows_the_true_defaults() -> None:
    lines = keys_in(EXAMPLE.read_text(encoding="utf-8"))
    plain = load(EXAMPLE, SECRETS)
    for key, field in leaves(Settings):
        if field.is_required() or is_secret(field) or key == "mail.authserv_id":
            continue
        changed = accepted(
            {key: next(iter(tomllib.loads(lines[key]).values()))}, folder=EXAMPLE.parent
        )
        assert value_of(changed, key) == value_of(plain, key), key


def test_every_key_says_what_it_expects() -> None:
    def silent(model: object, prefix: str = "") -> list[str]:
        found = []
        for name, field in fields_of(model).items():
            if not field.description:
                found.append(prefix + name)
            if inner := submodel(field):
                found += silent(inner, f"{prefix}{name}.")
        return found

    assert silent(Settings) == []


# Values


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("mail.imap.port", 70000, "expected a port number from 1 to 65535, got 70000"),
        ("mail.imap.port", "abc", 'expected a port number from 1 to 65535, got "abc"'),
        ("mail.imap.tls", "ssl", 'expected "implicit", "starttls" or "none", got "ssl"'),
        (
            "mail.imap.tls",
            "none",
            (
                'expected "implicit" or "starttls" ("none" only if the host is this machine),'
                ' got "none"'
            ),
        ),
        ("mail.address", "nobody", 'expected a mail address, got "nobody"'),
        ("mail.trust", "all", 'expected "authentication-results" or "token-only", got "all"'),
        ("mail.max_bytes", True, "expected a number of bytes above 0, got true"),
        (
            "rules.low_value_threshold_cents",
            "30.000",
            'expected an amount in cents above 0 (3000000 is 30 000 €), got "30.000"',
        ),
        ("orders.award_days", 20.0, "expected a number of days above 0, got 20.0"),
        ("mail.max_bytes", 0, "expected a number of bytes above 0, got 0"),
        ("platform.name", " ", 'expected the name of the platform, got " "'),
        ("platform.language", "it", 'expected a language: "fr", "nl", "de" or "en", got "it"'),
        (
            "platform.timezone",
            "Europe/Arlon",
            'expected the name of a time zone, such as "Europe/Brussels", got "Europe/Arlon"',
        ),
        (
            "platform.site",
            "eplateforme",
            'expected a URL (https://…), or nothing, got "eplateforme"',
        ),
        (
            "platform.launched",
            "avril 2021",
            (
                "expected a date as YYYY, YYYY-MM or YYYY-MM-DD (--MM if the year is not known),"
                ' or nothing, got "avril 2021"'
            ),
        ),
        (
            "platform.administrators",
            [],
            'expected a list of at least one Matrix user id, such as "@name:server", got []',
        ),
        ("platform.contact.mail", "x@", 'expected a mail address, or nothing, got "x@"'),
        (
            "matrix.homeserver",
            "matrix",
            'expected the URL of a homeserver (https://…), got "matrix"',
        ),
        (
            "matrix.members_room",
            "!a:b",
            'expected a room alias, such as "#membres:server", got "!a:b"',
        ),
        ("orders.award_counting", "ouvrables", 'expected "calendar" or "working", got "ouvrables"'),
        ("courier.retry_seconds", [], None),
        ("rules.digest_hour", 24, "expected an hour of the day from 0 to 23, got 24"),
        ("web.url", "http://x.example", None),
        ("logging.level", "loud", 'expected "debug", "info", "warning" or "error", got "loud"'),
    ],
)
def test_wrong_value(key: str, value: object, line: str | None) -> None:
    (found,) = faults({key: value})
    assert found.startswith(f"{key}: expected ")
    assert line is None or found == f"{key}: {line}"


@pytest.mark.parametrize(
    "launched", ["", "2021", "2021-04", "2021-04-15", "--04", "--02-29", "2024-02-29"]
)
def test_launched(launched: str) -> None:
    assert accepted({"platform.launched": launched}).platform.launched == launched


@pytest.mark.parametrize(
    "launched", ["2021-13", "2023-02-29", "21", "--", "-", "2021-4", "04/2021"]
)
def test_launched_wrong(launched: str) -> None:
    assert len(faults({"platform.launched": launched})) == 1


@pytest.mark.parametrize(("typed", "read"), [("2021", "2021"), ("2021-04-15", "2021-04-15")])
def test_launched_without_quotes(typed: str, read: str) -> None:
    value = tomllib.loads(f"launched = {typed}")["launched"]
    assert accepted({"platform.launched": value}).platform.launched == read


@pytest.mark.parametrize(
    ("user", "good"),
    [
        ("@anna:server.example", True),
        ("@a.b=c/d:server.example:8448", True),
        ("@anna:[::1]:8448", True),
        ("anna:server.example", False),
        ("@anna", False),
        ("@an na:server.example", False),
        ("@" + "a" * 250 + ":server.example", False),
    ],
)
def test_matrix_id(user: str, good: bool) -> None:
    if good:
        assert accepted({"platform.administrators": [user]}).platform.administrators == (user,)
    else:
        (line,) = faults({"platform.administrators": ["@ok:server.example", user]})
        assert line.startswith("platform.administrators[2]: expected ")


# Rules between keys


def test_plain_text_is_for_this_machine() -> None:
    here: dict[str, object] = {"mail.imap.host": "127.0.0.1", "mail.imap.tls": "none"}
    assert accepted(here).mail.imap.tls == "none"


def test_no_smtp_password_in_plain_text() -> None:
    (line,) = faults({"mail.smtp.tls": "none", "mail.smtp.user": "u", "mail.smtp.password": "p"})
    assert line.startswith("mail.smtp.tls: expected")
    assert accepted({"mail.smtp.tls": "none"}).mail.smtp.tls == "none"


@pytest.mark.parametrize("key", ["mail.smtp.user", "mail.smtp.password"])
def test_smtp_user_and_password_go_together(key: str) -> None:
    (line,) = faults({key: "lonely"})
    assert "mail.smtp.user and mail.smtp.password to be given together" in line
    assert "lonely" not in line


def test_authserv_id_is_needed_to_believe() -> None:
    (line,) = faults({"mail.authserv_id": ""})
    assert line.startswith("mail.authserv_id: expected the authserv-id that your own mail server")
    assert accepted({"mail.authserv_id": "", "mail.trust": "token-only"}).mail.trust == "token-only"


def test_dkim_needs_all_three() -> None:
    (line,) = faults({"mail.dkim.domain": "supracom.example", "mail.dkim.selector": "mars"})
    assert "mail.dkim.domain, selector and key to be given together" in line


def test_dkim_needs_a_key_that_signs() -> None:
    place: dict[str, object] = {
        "mail.dkim.domain": "supracom.example",
        "mail.dkim.selector": "mars",
    }
    (line,) = faults(place | {"mail.dkim.key": "-----BEGIN CERTIFICATE-----"})
    assert line == "mail.dkim.key: expected an RSA private key in PEM form (-----BEGIN …)"
    (line,) = faults(place | {"mail.dkim.key_file": "/nowhere/dkim.pem"})
    assert line.startswith("mail.dkim.key_file: expected the path of a readable file")


def test_some_matrix_login_is_needed() -> None:
    (line,) = faults({}, {"SUPRACOM_MATRIX__PASSWORD": ""})
    assert (
        line
        == "matrix.access_token: expected an access token, or else a password in matrix.password"
    )
    token = {"SUPRACOM_MATRIX__PASSWORD": "", "SUPRACOM_MATRIX__ACCESS_TOKEN": "t"}
    assert accepted({}, token).matrix.access_token.get_secret_value() == "t"


# Defaults that depend on other keys


def test_dependent_defaults() -> None:
    settings = accepted({})
    assert settings.mail.sender_name == "e-plateforme"
    assert settings.matrix.invites_from == ("supracom.example",)
    assert settings.platform.data_dir == Path("/etc/s/var")
    assert settings.database.url.get_secret_value() == "sqlite:////etc/s/var/supracom.sqlite3"
    assert settings.clock.offset_file is None


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("sqlite:///x.db", "sqlite:////etc/s/x.db"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
        ("postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgres://h/n", "postgresql+psycopg://h/n"),
        ("postgresql+psycopg://h/n", "postgresql+psycopg://h/n"),
    ],
)
def test_database_url(url: str, normal: str) -> None:
    assert accepted({"database.url": url}).database.url.get_secret_value() == normal


@pytest.mark.parametrize(
    "url", ["mysql://h/n", "sqlite://", "sqlite:///", "sqlite:///:memory:", "x"]
)
def test_database_url_wrong(url: str) -> None:
    (line,) = faults({"database.url": url})
    assert line == "database.url: expected a URL: sqlite:///path or postgresql://user@host/name"


def test_paths_start_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "territory.toml").touch()
    settings = accepted(
        {"platform.data_dir": "/srv/s", "clock.offset_file": "off", "platform.territory": "./mine"},
        folder=tmp_path,
    )
    assert settings.platform.data_dir == Path("/srv/s")
    assert settings.clock.offset_file == tmp_path / "off"
    assert settings.platform.territory == str(tmp_path / "mine")


def test_territory_has_data() -> None:
    (line,) = faults({"platform.territory": "atlantis"})
    assert line == (
        "platform.territory: "
        'expected a folder with territory.toml, or one of: luxembourg_be, got "atlantis"'
    )


# All faults at once


def test_nothing_at_all() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse({}, Path("/etc/s"), {})
    missing = {fault.key for fault in caught.value.faults if fault.kind is Kind.MISSING}
    required = {key for key, field in leaves(Settings) if field.is_required()}
    # Required unless a token is shown instead.
    assert missing == required | {"mail.imap.password"}
    others = {fault.key for fault in caught.value.faults} - missing
    assert others == {"matrix.access_token", "mail.authserv_id"}
    assert "mail.imap.host: missing; expected the name of the IMAP server" in str(caught.value)


def test_faults_of_several_sections_together() -> None:
    found = faults({"mail.imap.port": 0, "platform.site": "x", "mail.imap.prot": 1, "courier": 3})
    assert [line.split(":")[0] for line in found] == [
        "platform.site",
        "mail.imap.port",
        "mail.imap.prot",
        "courier",
    ]
    assert found[-1] == "courier: expected a section, got 3"


def test_no_jargon() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse({"platform": 3, "mail": {"imap": {"port": "x"}}}, Path("/etc/s"), {})
    assert not re.search("pydantic|validation|Input|dict|field", str(caught.value))


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("mail.imap.prot", "mail.imap.port"),
        ("mail.imap.pasword", "mail.imap.password"),
        ("mail.host", "mail.imap.host"),
        ("platform.administrator", "platform.administrators"),
        ("order.award_days", "orders"),
        ("matrix.access_token_fil", "matrix.access_token_file"),
        ("mail.imapp", "mail.imap"),
        ("award_days", "orders.award_days"),
    ],
)
def test_unknown_key_has_a_suggestion(key: str, meant: str) -> None:
    (line,) = faults({key: "seldom-seen"})
    assert line.endswith(f'not a known key; did you mean "{meant}"?')
    assert "seldom-seen" not in line


TOKENS: dict[str, object] = {
    "mail.imap.authentication": "xoauth2",
    "mail.smtp.authentication": "xoauth2",
    "mail.smtp.user": "eplateforme",
    "mail.oauth.token_url": "https://login.example/token",
    "mail.oauth.client_id": "supracom",
    "mail.oauth.refresh_token": "geheim",
}


def test_access_tokens_need_no_password() -> None:
    table = example()
    for key, value in TOKENS.items():
        put(table, key, value)
    environ = {key: value for key, value in SECRETS.items() if "IMAP" not in key}
    assert parse(table, Path("/etc/s"), environ).mail.oauth.client_id == "supracom"


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("mail.oauth.client_id", "", "mail.oauth: expected token_url and client_id, for"),
        ("mail.oauth.refresh_token", "", "mail.oauth: expected a refresh_token or a client_secret"),
        ("mail.smtp.user", "", "mail.smtp.password: expected a user name in mail.smtp.user"),
        ("mail.oauth.token_url", "http://login.example", "mail.oauth.token_url: expected a URL"),
    ],
)
def test_access_tokens_need_their_settings(key: str, value: str, line: str) -> None:
    (found,) = faults(TOKENS | {key: value})
    assert found.startswith(line)
    assert "geheim" not in found


@pytest.mark.parametrize("key", ["zzz", "matrix.x", "platform.user", "logging.colour", "password"])
def test_unknown_key_like_nothing(key: str) -> None:
    assert faults({key: 1}) == [f"{key}: not a known key"]


def test_a_wrong_fault_hides_no_other() -> None:
    found = faults(
        {"mail.trust": "maybe", "mail.authserv_id": "", "platform.territory": "atlantis"}
    )
    assert [line.partition(":")[0] for line in found] == [
        "mail.trust",
        "mail.authserv_id",
        "platform.territory",
    ]


# The environment


def test_environment_wins() -> None:
    environ = {
        "SUPRACOM_MAIL__IMAP__PORT": "1143",
        "SUPRACOM_MATRIX__CREATE_ROOMS": "false",
        "SUPRACOM_ORDERS__AWARD_REMINDERS_DAYS": "7, 1",
        "SUPRACOM_PLATFORM__ADMINISTRATORS": '["@x:y.example"]',
        "SUPRACOM_PLATFORM__LAUNCHED": "2021-04",
        "SUPRACOM_CONFIG": "/some/where",
        "PATH": "/bin",
    }
    settings = accepted({"mail.imap.port": 993}, environ)
    assert settings.mail.imap.port == 1143
    assert settings.matrix.create_rooms is False
    assert settings.orders.award_reminders_days == (7, 1)
    assert settings.platform.administrators == ("@x:y.example",)
    assert settings.platform.launched == "2021-04"


def test_environment_is_checked_too() -> None:
    found = faults({}, {"SUPRACOM_MAIL__IMAP__PROT": "1", "SUPRACOM_MAIL__IMAP__PORT": "x"})
    assert found == [
        'mail.imap.port: expected a port number from 1 to 65535, got "x"',
        'mail.imap.prot: not a known key; did you mean "mail.imap.port"?',
    ]


def test_the_table_given_is_left_alone() -> None:
    table = example()
    parse(table, Path("/etc/s"), SECRETS)
    assert table == example()


# Secrets


def test_secret_is_never_shown() -> None:
    table = example()
    put(table, "platform.secret", "too-short")
    put(table, "mail.imap.password", ["in", "a-list"])
    environ = {"SUPRACOM_MATRIX__PASSWORD": "x"}
    with pytest.raises(ConfigurationError) as caught:
        parse(table, Path("/etc/s"), environ)
    assert str(caught.value).splitlines() == [
        "platform.secret: expected a secret of at least 32 characters",
        "mail.imap.password: expected the password of the mailbox",
    ]
    assert "matrix-pass" not in repr(accepted({}))


def test_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "imap").write_text("pass word \n", encoding="utf-8")
    table = example()
    put(table, "mail.imap.password_file", "secrets/imap")
    environ = {key: value for key, value in SECRETS.items() if "IMAP" not in key}
    settings = parse(table, tmp_path, environ)
    assert settings.mail.imap.password.get_secret_value() == "pass word "


def test_secret_from_a_systemd_credential(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t0ken", encoding="utf-8")
    environ = {
        **SECRETS,
        "SUPRACOM_MATRIX__ACCESS_TOKEN_FILE": "$CREDENTIALS_DIRECTORY/token",
        "CREDENTIALS_DIRECTORY": str(tmp_path),
    }
    assert accepted({}, environ).matrix.access_token.get_secret_value() == "t0ken"


def test_environment_replaces_the_other_form_of_a_secret(tmp_path: Path) -> None:
    (tmp_path / "imap").write_text("from-file", encoding="utf-8")
    settings = accepted({"mail.imap.password_file": "gone"}, folder=tmp_path)
    assert settings.mail.imap.password.get_secret_value() == "imap-pass"
    table = example()
    put(table, "mail.imap.password", "inline")
    environ = {key: value for key, value in SECRETS.items() if "IMAP" not in key}
    environ["SUPRACOM_MAIL__IMAP__PASSWORD_FILE"] = "imap"
    assert parse(table, tmp_path, environ).mail.imap.password.get_secret_value() == "from-file"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("gone", 'expected the path of a readable file that is not empty, got "gone"'),
        ("empty", 'expected the path of a readable file that is not empty, got "empty"'),
        ("", 'expected the path of a readable file that is not empty, got ""'),
        (
            "$NOWHERE/x",
            'expected the variable NOWHERE to be set in the environment, got "$NOWHERE/x"',
        ),
    ],
)
def test_secret_file_wrong(tmp_path: Path, path: str, line: str) -> None:
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    assert faults({"matrix.access_token_file": path}, folder=tmp_path) == [
        f"matrix.access_token_file: {line}"
    ]


def test_secret_twice(tmp_path: Path) -> None:
    both: dict[str, object] = {"mail.smtp.password": "p", "mail.smtp.password_file": "f"}
    assert faults({**both, "mail.smtp.user": "u"}, folder=tmp_path) == [
        'mail.smtp.password_file: expected to be alone: give either "password" or "password_file"'
    ]


def test_secret_twice_in_the_environment() -> None:
    both = {"SUPRACOM_MAIL__SMTP__PASSWORD": "p", "SUPRACOM_MAIL__SMTP__PASSWORD_FILE": "f"}
    assert faults({}, {**both, "SUPRACOM_MAIL__SMTP__USER": "u"}) == [
        'mail.smtp.password_file: expected to be alone: give either "password" or "password_file"'
    ]


# The file itself


def test_file_missing(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"expected a readable TOML file, got No such file"
    ):
        load(tmp_path / "none.toml", {})


def test_file_broken(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("a = 1\nb = = 2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"broken\.toml: .*line 2"):
        load(path, {})


def test_file_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "latin1.toml"
    path.write_bytes('a = "é"'.encode("latin-1"))
    with pytest.raises(ConfigurationError, match="not UTF-8 at position 5"):
        load(path, {})


def test_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "supracom.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    assert load(path, SECRETS).platform.data_dir == tmp_path.resolve() / "var"
