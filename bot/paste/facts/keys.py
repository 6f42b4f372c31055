"""Keys: what the name of a field says its value is. Names are compared by their letters and digits only."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

CODES = frozenset(
    "error errorcode errcode errno errorno errcodes errorcodes code codes codename subcode suberror "
    "errorsubcode errornumber "
    "type errortype xmlntype xamznerrortype ret retcode returncode resultcode reason name sqlstate faultcode category "
    "errorname errname status statuscode errorid bizcode exceptioncode errortag tag errorsummary rescode "
    "respcode responsecode "
    "codestr errorkey messageid subtype codedesc reasoncode exceptiontype grpcstatus substatus "
    "failurereason errorreason".split()
)
MESSAGES = frozenset(
    "message msg errormessage errmsg errormsg errordescription errordetail errordetails description "
    "descriptions detail "
    "details title submsg submessage errorsummary faultstring hint usermessage developermessage "
    "moremessage retmsg returnmsg "
    "resultmsg respmsg displaymessage localizedmessage longmessage shortmessage desc remark tips "
    "statustext reason error "
    "errors errorusermsg errorusertitle debugmessage failure failuremessage failurereason fault messages msgs solution "
    "grpcmessage errmessage exceptionmessage errorreason errorstring errorcodedescription codedesc statusmessage cause "
    "reasonphrase diagnostics submsgs xmserrormessage innererror text response body stderr output event "
    "log payload data result stdout content".split()
)
# Their values are a machine's words only where they stand beside an error.
WEAK = frozenset(
    "type name reason status category title description detail details desc text tag response body output "
    "remark tips cause code codes subtype errorid messageid messages msgs statustext ret solution event "
    "log payload data result stdout content statusmessage".split()
)
# They carry what another program said, whole.
CARRIERS = frozenset("response body output text event log payload data result stderr stdout content logmessage".split())
# What shows that an object tells an error.
STRONG = frozenset(
    "error errors errorcode errcode errno errmsg errormsg errormessage errordescription errortype "
    "errorcodes subcode suberror "
    "submsg fault faultcode faultstring exception sqlstate codename errname errorsummary errorsubcode "
    "xamznerrortype errortag "
    "errormessages retcode retmsg innererror errorreason message msg stderr".split()
)
STATUSES = frozenset(
    "status statuscode httpstatus httpstatuscode httpcode httperrorcode responsestatus responsecode code".split()
)
REQUEST_IDS = frozenset(
    "requestid xrequestid reqid traceid xtraceid correlationid xcorrelationid xmsrequestid "
    "clientrequestid logid xttlogid rid "
    "xamznrequestid xamzrequestid xgithubrequestid cfray apigwrequestid transactionid eagleeyetraceid "
    "fbtraceid debugid "
    "errorreference referenceid operationid xamzid2 hostid incidentid xscarequestid".split()
)
SCOPES = frozenset("scope scopes requiredscope requiredscopes missingscope missingscopes grantedscopes ".split())
PATHS = frozenset("path endpoint uri url instance requesturl requestpath requesturi".split())
GRANTS = frozenset("granttype granttypes".split())
EXCEPTIONS = frozenset("exception exceptiontype exceptionclass errorclass errortype xmlntype name".split())
SECRETS = re.compile(
    r"secret|password|passwd|pwd|token$|apikey|privatekey|credential|cookie|assertion$|authorization$|signature$"
)

_PARAMS = {
    "redirect_uri": "redirecturi redirecturl callbackurl callback callbackuri redirect",
    "client_id": "clientid oauthclientid consumerkey",
    "app_id": "appid appkey applicationid",
    "account": "account accountid accountname principalname",
    "user": "user username userid login uid",
    "role": "role rolename rolearn requiredrole",
    "resource": "resource resourceid resourcename resourcearn",
    "audience": "audience aud",
    "issuer": "issuer iss",
    "tenant": "tenant tenantid tenantname",
    "realm": "realm",
    "action": "action permission",
    "bucket": "bucket bucketname",
    "project": "project projectid projectname consumer",
    "model": "model modelname deployment deploymentname",
    "region": "region regionid",
    "ip": "ip clientip sourceip remoteip ipaddress",
    "organization": "organization org organizationid orgid",
    "host": "host hostname",
    "profile": "profile",
    "repo": "repo repository",
    "principal": "principal principalid",
    "response_type": "responsetype",
    "response_mode": "responsemode",
    "error_uri": "erroruri",
    "state": "state",
    "domain": "domain domainname",
    "service": "service servicename",
    "database": "database db dbname",
}
PARAMS = {name: param for param, names in _PARAMS.items() for name in names.split()}

_LONG = 10
_MISTYPED = tuple(name for name in sorted(CODES | MESSAGES | frozenset(PARAMS)) if len(name) >= _LONG)
_OTHER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=1024)
def plain(key: str) -> str:
    """Return the letters and digits of a field's name, lower case; of `error.type`, the last part."""
    low = key.lower()
    name = _letters(low)
    if name in CODES or name in MESSAGES or name in PARAMS:
        return name
    last = (_letters(low.rpartition(".")[2]) or name) if "." in low else name
    if len(last) >= _LONG:  # error_descriptoin: people retype what they see
        near = process.extractOne(last, _MISTYPED, scorer=DamerauLevenshtein.distance, score_cutoff=2)
        return near[0] if near else last
    return last


def _letters(low: str) -> str:
    return low if low.isalnum() and low.isascii() else _OTHER.sub("", low)


_KNOWN = CODES | MESSAGES | STATUSES | REQUEST_IDS | SCOPES | GRANTS | EXCEPTIONS | PATHS | frozenset(PARAMS)


def known(key: str) -> bool:
    """Tell whether a field of this name is read at all."""
    return plain(key) in _KNOWN
