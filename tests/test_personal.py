"""E-mail addresses and public IP addresses are masked; private ranges and version numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.paste.personal import mask_personal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("mail bob@corp.example.com now", "mail [email] now", id="address in a sentence"),
        pytest.param("<bob.smith+x@mail.example.co.uk>", "<[email]>", id="tag and subdomains"),
        pytest.param('{"sub":"bob_1@example.org"}', '{"sub":"[email]"}', id="json"),
        pytest.param("bob@example.com,eve@example.com", "[email],[email]", id="two"),
        pytest.param("mailto:bob@example.com", "mailto:[email]", id="mailto"),
        pytest.param("我的邮箱是bob@example.com,谢谢", "我的邮箱是[email],谢谢", id="chinese without spaces"),
        pytest.param("发给bob@example.com谢谢", "发给[email]谢谢", id="chinese on both sides"),
        pytest.param("ssh root@bastion.example.com", "ssh [email]", id="login at a host, which looks the same"),
        pytest.param("user=bob@example.com&x=1", "user=[email]&x=1", id="query"),
        pytest.param("from 8.8.8.8 port 22", "from [ip] port 22", id="ipv4"),
        pytest.param("client 93.184.216.34:443", "client [ip]:443", id="ipv4 with port"),
        pytest.param("https://93.184.216.34/x", "https://[ip]/x", id="ipv4 host"),
        pytest.param(
            "not allow to access from your ip, 1.12.3.44", "not allow to access from your ip, [ip]", id="in a list"
        ),
        pytest.param(
            "invalid ip 47.100.2.3 ipv6 ::ffff:47.100.2.3, not in whitelist",
            "invalid ip [ip] ipv6 [ip], not in whitelist",
            id="mapped",
        ),
        pytest.param("ip=47.100.2.3", "ip=[ip]", id="key and value"),
        pytest.param("(1.1.1.1)", "([ip])", id="brackets"),
        pytest.param("connect to 1.1.1.1.", "connect to [ip].", id="full stop"),
        pytest.param("2606:4700:4700::1111 refused", "[ip] refused", id="ipv6"),
        pytest.param("[2606:4700:4700::1111]:443", "[[ip]]:443", id="ipv6 with port"),
        pytest.param("2a00:1450:4001:0830:0000:0000:0000:200e", "[ip]", id="ipv6 in full"),
    ],
)
def test_is_masked(text: str, expected: str) -> None:
    assert mask_personal(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("127.0.0.1:8080", id="loopback"),
        pytest.param("host 10.1.2.3", id="private 10"),
        pytest.param("192.168.0.1 and 172.16.9.9", id="private 192 and 172"),
        pytest.param("169.254.169.254/latest/meta-data", id="link-local"),
        pytest.param("0." + "0.0.0", id="any"),
        pytest.param("255.255.255.0", id="netmask"),
        pytest.param("203.0.113.7", id="documentation"),
        pytest.param("::1 and fe80::1 and fd00::1", id="ipv6 local"),
        pytest.param("2001:db8::1", id="ipv6 documentation"),
        pytest.param("v1.2.3.4", id="version with v"),
        pytest.param("Chrome/130.0.0.0 Safari/537.36", id="user agent"),
        pytest.param("version 8.8.4.4", id="version in words"),
        pytest.param("foo==1.2.3.4", id="pinned"),
        pytest.param("ojdbc-19.3.0.0.jar", id="file"),
        pytest.param("19.3.0.0.0", id="five numbers"),
        pytest.param("1.2.3.4-rc1", id="release candidate"),
        pytest.param("256.1.1.1 and 8.8.8.999", id="no address"),
        pytest.param("12:30:45 and 2024-05-01T12:30:45", id="time"),
        pytest.param("00:1a:2b:3c:4d:5e", id="mac"),
        pytest.param("std::vector::push", id="c++"),
        pytest.param("arn:aws:iam::123456789012:user/bob", id="arn"),
        pytest.param("@app.route and @user on Discord", id="at signs"),
        pytest.param("git@github", id="no domain"),
        pytest.param("npm i @scope/package@1.2.3", id="package"),
        pytest.param("[email] and [ip]", id="marks"),
        pytest.param("postgres://bob:[password]@db.example.com/app", id="url with a mark"),
    ],
)
def test_stays(text: str) -> None:
    assert mask_personal(text) == text


@given(st.text(st.sampled_from("ab1.:@/-[] 8f\n密"), max_size=60))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask_personal(text)

    assert mask_personal(once) == once


@pytest.mark.parametrize("unit", ["a", "@", "a@", "a@a.", "1.", ":", "f:", "1.1.1.1", "a.", ".@a-"])
def test_any_length_is_fine(unit: str) -> None:
    assert mask_personal(unit * (200_000 // len(unit))) is not None
