"""What each line is: code is code only where it is written like code, however a person's sentence begins."""

from __future__ import annotations

import pytest

from bot.paste.blocks.lines import kind_of

SAID = [
    "if I call it from postman it says 401 invalid_client",
    "if I run it with the new key:",
    "for the second account I get (invalid_grant) again",
    "for some reason the token is refused.",
    "with the refresh token it answers 400, without it 401",
    "while logging in it says access denied",
    "return code 401 from the gateway",
    "import of the key fails with 403",
    "from yesterday on I get 401 Unauthorized",
    "let me paste the error (it is the same as before)",
    "try again later, it said",
    "use the other key and it works",
    "new token, same error: invalid_token",
    "print out says 535 5.7.8",
    "echo is fine, login is not",
    "private repo, so I need a token",
    "await your answer, thanks",
    "class of errors I have never seen",
    "public client without a secret",
    "export to S3 ends with AccessDenied",
]
CODE = [
    "import requests",
    "import os, sys",
    "import { OAuth2Client } from 'google-auth-library'",
    "import axios from 'axios';",
    "from msal import ConfidentialClientApplication",
    "if response.status_code == 401:",
    "if (res.status === 403) {",
    "if not token:",
    "for scope in scopes:",
    "for (const key of keys) {",
    "with open('token.json') as file:",
    "while True:",
    "return response.json()",
    "return token;",
    "return None",
    "let token = await getToken();",
    "const client = new OpenAI({ apiKey });",
    "try {",
    "try:",
    "except ClientError as error:",
    "} catch (error) {",
    "throw new Error('no token');",
    "raise AuthError(401)",
    "using Microsoft.Identity.Client;",
    "use GuzzleHttp\\Client;",
    "export TOKEN=abc",
    "print(response.text)",
    "echo $TOKEN",
    "private string token;",
    "public class TokenService {",
    "class Login(View):",
    "await client.login(token)",
    "new Client({ token })",
    "def login(user):",
    'curl -H "Authorization: Bearer x" https://api.example.com',
]


@pytest.mark.parametrize("line", SAID)
def test_a_sentence_that_begins_like_code_is_none(line: str) -> None:
    assert kind_of(line) != "code"


@pytest.mark.parametrize("line", CODE)
def test_code_is_code(line: str) -> None:
    assert kind_of(line) == "code"
