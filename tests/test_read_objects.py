"""Objects give their facts however they are written, wrapped, escaped, nested or cut off."""

from __future__ import annotations

import html
import json

import pytest

from tests.reading import Expected, missing

BODY = {"error": "invalid_grant", "error_description": "The code was redeemed already."}
SAID: Expected = {"code": ["invalid_grant"], "message": ["The code was redeemed already."]}

OBJECTS = [
    pytest.param(json.dumps(BODY), SAID, id="JSON"),
    pytest.param(json.dumps(BODY, indent=4), SAID, id="JSON over many lines"),
    pytest.param(f"call failed with {json.dumps(BODY)} after 3 tries", SAID, id="JSON in a sentence"),
    pytest.param(json.dumps({"body": json.dumps(BODY)}), SAID, id="JSON in a string of JSON"),
    pytest.param(json.dumps({"a": json.dumps({"b": json.dumps(BODY)})}), SAID, id="JSON two strings deep"),
    pytest.param(json.dumps(json.dumps(BODY))[1:-1], SAID, id="escaped JSON on its own"),
    pytest.param(html.escape(json.dumps(BODY)), SAID, id="JSON in HTML entities"),
    pytest.param("".join(f"> {line}\n" for line in json.dumps(BODY, indent=1).split("\n")), SAID, id="quoted JSON"),
    pytest.param(f"```json\n{json.dumps(BODY)}\n```", SAID, id="fenced JSON"),
    pytest.param(str(BODY), SAID, id="Python dict"),
    pytest.param(f"b'{json.dumps(BODY)}'", SAID, id="Python bytes"),
    pytest.param("{u'error': u'invalid_grant', u'code': None}", {"code": ["invalid_grant"]}, id="Python 2 dict"),
    pytest.param(
        "{'error': {'message': 'It is '\n                       'not yours.', 'code': 'no_key'}}",
        {"code": ["no_key"], "message": ["It is not yours."]},
        id="Python dict as pprint breaks it",
    ),
    pytest.param(
        "{ code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.', ok: 0 }",
        {"code": ["18", "AuthenticationFailed"], "message": ["Authentication failed."]},
        id="inspected JavaScript",
    ),
    pytest.param(
        "{ MongoError: Authentication failed.\n    at Function.create (/srv/lib/error.js:31:11)\n  ok: 0,\n  code: 18,\n"
        "  codeName: 'AuthenticationFailed' }",
        {"code": ["18", "AuthenticationFailed"], "exception": ["MongoError"]},
        id="inspected error with frames inside",
    ),
    pytest.param(
        "  data: ApiBody {\n    error: 'invalid_client',\n    error_description: 'No ' +\n      'such client'\n  }",
        {"code": ["invalid_client"], "message": ["No such client"]},
        id="inspected class with a joined string",
    ),
    pytest.param(
        '{:error=>"invalid_grant", :error_description=>"Bad Request"}',
        {"code": ["invalid_grant"], "message": ["Bad Request"]},
        id="Ruby hash",
    ),
    pytest.param(
        "ErrorResponse(code=RequestTimeTooSkewed, message=The clocks differ too much., bucketName=null, requestId=3L137)",
        {"code": ["RequestTimeTooSkewed"], "message": ["The clocks differ too much."], "request-id": ["3L137"]},
        id="Java toString",
    ),
    pytest.param(
        "{error=invalid_token, error_description=It has expired, status=401}",
        {"code": ["invalid_token"], "message": ["It has expired"], "status": ["401"]},
        id="Java map",
    ),
    pytest.param(
        "map[error:invalid_grant error_description:Token was revoked.]",
        {"code": ["invalid_grant"], "message": ["Token was revoked."]},
        id="Go map",
    ),
    pytest.param(
        '{"error":{"code":"bad_key","message":"This key is not one of ou',
        {"code": ["bad_key"], "message": ["This key is not one of ou"]},
        id="JSON cut off in a string",
    ),
    pytest.param(
        "{'error': {'code': 'bad_key', 'param': None, 'inner': [{'a': 1}, ",
        {"code": ["bad_key"]},
        id="Python dict cut off",
    ),
    pytest.param(
        '"statusCode": 403,\n"error": "Forbidden",\n"message": "No role"',
        {"status": ["403"], "code": ["Forbidden"], "message": ["No role"]},
        id="pairs without a brace",
    ),
    pytest.param(
        "it contains error: 'invalid_client', error_description: 'AADSTS700025: Neither 'a' nor 'b' may be sent.'",
        {"code": ["invalid_client", "AADSTS700025"], "message": ["AADSTS700025: Neither 'a' nor 'b' may be sent."]},
        id="quotes inside quotes",
    ),
    pytest.param(
        '{"error":{"message":"The key appears to be wrong or\nhas expired.","type":"invalid_aut\nhentication_error"}}',
        {"code": ["invalid_authentication_error"], "message": ["The key appears to be wrong or has expired."]},
        id="strings broken over lines",
    ),
    pytest.param(
        '{"error":"x_denied"} {"error":"y_denied"}\n[{"code":"z_denied"}]',
        {"code": ["x_denied", "y_denied", "z_denied"]},
        id="several in one message",
    ),
    pytest.param(
        '{"errors":[{"code":"a1_bad","detail":"First thing."},{"code":"b2_bad","detail":"Second thing."}]}',
        {"code": ["a1_bad", "b2_bad"], "message": ["First thing.", "Second thing."]},
        id="list of errors",
    ),
    pytest.param(
        '{"__type":"com.acme#NotAuthorizedException","message":"Not you"}',
        {"code": ["com.acme#NotAuthorizedException"], "message": ["Not you"]},
        id="__type",
    ),
    pytest.param(
        '{"errcode":40001,"errmsg":"invalid credential, rid: 65a1-77b2"}',
        {"code": ["40001"], "message": ["invalid credential, rid: 65a1-77b2"], "request-id": ["65a1-77b2"]},
        id="errcode",
    ),
    pytest.param(
        '{"ret":["FAIL_SYS_SESSION_EXPIRED::Session过期"]}',
        {"code": ["FAIL_SYS_SESSION_EXPIRED"], "message": ["Session过期"]},
        id="code and words in one",
    ),
    pytest.param(
        '{"error":{"code":401,"message":"No key","status":"UNAUTHENTICATED"}}',
        {"status": ["401"], "code": ["UNAUTHENTICATED"], "message": ["No key"]},
        id="status as a word",
    ),
    pytest.param(
        '{"type":"https://api.example.com/problems/client-forbidden","title":"No","detail":"Attach the app.","status":403}',
        {"code": ["client-forbidden"], "message": ["Attach the app."], "status": ["403"]},
        id="problem details",
    ),
    pytest.param(
        '{"status":401,"error":"Unauthorized","path":"/v1/things"}',
        {"status": ["401"], "code": ["Unauthorized"], "endpoint": ["/v1/things"]},
        id="Spring's body",
    ),
    pytest.param(
        '{"level":"error","response":"Unauthorized code"}',
        {"message": ["Unauthorized code"]},
        id="a log record that carries an answer",
    ),
    pytest.param(
        '{"eror":"x","error_descriptoin":"Not your shop."}', {"message": ["Not your shop."]}, id="mistyped field"
    ),
    pytest.param("{\uff02error\uff02\uff1a\uff02invalid_scope\uff02}", {"code": ["invalid_scope"]}, id="full-width"),
    pytest.param("{\u201cerror\u201d: \u201cinvalid_scope\u201d}", {"code": ["invalid_scope"]}, id="curly quotes"),
    pytest.param(
        '{"msg":"\\u4ee4\\u724c\\u65e0\\u6548","code":"10003"}',
        {"message": ["令牌无效"], "code": ["10003"]},
        id="escaped Chinese",
    ),
    pytest.param(
        ",{ MongoError: no\n,  code: 18,\n,  codeName: 'AuthenticationFailed' }",
        {"code": ["18", "AuthenticationFailed"]},
        id="comma noise",
    ),
    pytest.param('│ {"error": "invalid_grant"} │\n│ x │', {"code": ["invalid_grant"]}, id="table borders"),
]


@pytest.mark.parametrize(("text", "expected"), OBJECTS)
def test_an_object_gives_its_facts(text: str, expected: Expected) -> None:
    assert missing(text, expected) == {}
