"""What the OpenAPI document can't say of requests, as a hook of schemathesis; .ci/schemathesis loads it.

Requests are put right rather than left out: a right one gets beyond the first complaint, and a wrong one is wrong in what it
is about and in nothing else. Deliberately absent: anything about answers. All checks are on.
"""

import json
import os
import time
import urllib.request
import zlib
from datetime import datetime

import schemathesis

# They exclude one another, and one of them has to be there ...
PAGE = ("page", "statusPageUrl", "statusPageName")
# So do these, of one path.
INCIDENT = ("id", "deepLink")

# A region is a word that is known as one.
REGIONS = ("europe", "us-east-1", "Frankfurt", "APAC")

with urllib.request.urlopen(os.environ["STATUSPHERE_URL"] + "/statusPages") as answer:
    pages = json.load(answer)["statusPages"]
NAMES = [page["name"] for page in pages]
KNOWN = {"page": NAMES, "statusPageName": NAMES, "statusPageUrl": [page["url"] for page in pages]}

# Queries for incidents that the API told of.
incidents = []
# Queries that go on where an answer ended, by path and by the cursor that the API gave out.
following = {}


def choose(query, what, options):
    """One of some options. The query alone decides, so that a request which fails can be made again."""
    return options[zlib.crc32(repr((what, sorted(query.items()))).encode()) % len(options)]


def put_cursor(query, known, about):
    """A cursor is good when the API gave it out, for the parameters that it was given out for."""
    cursor = query.pop("cursor")
    wrong = {name: query[name] for name in about & query.keys()}
    if known and wrong.keys().isdisjoint(PAGE):
        right = known.get(cursor) or choose(query, "cursor", list(known.values()))
        query.clear()
        query.update({**right, **wrong})


def put_page(query, declared, about):
    """One way to name a page, and mostly a page that is known."""
    given = [name for name in declared if name in query]
    kept = next((name for name in given if name in about), None)
    if not kept:
        kept = choose(query, "way", given or declared)
        if kept not in query or choose(query, "known", (True, True, True, False)):
            query[kept] = choose(query, "page", KNOWN[kept])
    for name in given:
        if name != kept:
            del query[name]


def put_incident(query, about):
    """One way to name an incident, and mostly one that is known."""
    if incidents and about.isdisjoint((*PAGE, *INCIDENT)) and choose(query, "known", (True, True, False)):
        query.clear()
        query.update(choose(query, "incident", incidents))
        return
    given = [name for name in INCIDENT if name in query]
    kept = next((name for name in given if name in about), None) or choose(query, "incident", given or INCIDENT)
    query.setdefault(kept, "nobody")
    for name in given:
        if name != kept:
            del query[name]


def not_empty(value):
    """What is empty is missing, which is no mistake; so is the first of a repeated one, which alone counts."""
    if isinstance(value, dict):
        return {name or " ": inner for name, inner in value.items()}
    if isinstance(value, (list, tuple)) and value and value[0] == "":
        return [" ", *value[1:]]
    return " " if value == "" else value


def put_in_order(query):
    """What is changed since a time is asked of the past; a time range doesn't end before it starts."""
    try:
        if datetime.fromisoformat(query["since"]).timestamp() > time.time():
            query["since"] = "2026-01-01T00:00:00Z"
    except (KeyError, TypeError, ValueError, OverflowError):
        pass
    try:
        start, end = (datetime.fromisoformat(query[name]) for name in ("from", "to"))
        if start > end:
            query["from"], query["to"] = query["to"], query["from"]
    except (KeyError, TypeError, ValueError):
        # There is no range, or it is wrong on purpose.
        pass


@schemathesis.hook
def map_case(context, case):
    data = case.meta.phase.data
    # What is wrong on purpose, or at the edge of what is right, stays.
    about = {getattr(data, "parameter", None), *(mutation.parameter for mutation in getattr(data, "mutations", ()))}
    query = dict(case.query)
    if not case.meta.generation.mode.is_positive:
        query = {name: not_empty(value) for name, value in query.items()}
    declared = [parameter.name for parameter in case.operation.query if parameter.name in PAGE]
    if declared:
        put_page(query, declared, about)
    if case.path == "/incident":
        put_incident(query, about)
    if "region" in query and (case.meta.generation.mode.is_positive or "region" not in about):
        query["region"] = choose(query, "region", REGIONS)
    if "cursor" in query and (case.meta.generation.mode.is_positive or "cursor" not in about):
        put_cursor(query, following.get(case.path, {}), about)
    put_in_order(query)
    case.query = query
    return case


@schemathesis.hook
def after_call(context, case, response):
    json_type = "json" in response.headers.get("content-type", [""])[0]
    if response.status_code == 200 and json_type and case.meta and case.meta.generation.mode.is_positive:
        body = response.json()
        if case.path == "/incidents":
            for incident in body["incidents"][:3]:
                incidents.append({"page": body["page"], "id": incident["id"]})
                incidents.append({"page": body["page"], "deepLink": incident["deepLink"]})
        if isinstance(body, dict) and body.get("cursor"):
            cursor = body["cursor"]
            following.setdefault(case.path, {})[cursor] = {**case.query, "cursor": cursor}
