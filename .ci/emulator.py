"""Runs the emulator of AWS that `.ci/prove` deploys to, with what it lacks of AWS added.

Deliberately absent: anything that makes the product's life easier than AWS would. docs/proof.md lists what is added here.
"""

import json
import re
from datetime import datetime, timezone

from ministack import app
from ministack.core import iam_actions
from ministack.services import apigateway, eventbridge, lambda_svc
from ministack.services.cloudformation import provisioners

API = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
ALARM = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]
create_api, create_alarm = API["create"], ALARM["create"]
invoke_target = eventbridge._invoke_target
context_of = iam_actions.request_tag_context


def api_with_its_definition(logical_id, props, stack_name):
    """An HTTP API that is defined by OpenAPI, as SAM writes it, gets its routes and its CORS from there."""
    body = props.get("Body") or {}
    if "x-amazon-apigateway-cors" in body:
        props = {**props, "CorsConfiguration": body["x-amazon-apigateway-cors"]}
    api_id, attributes = create_api(logical_id, props, stack_name)
    for path, methods in body.get("paths", {}).items():
        for method, operation in methods.items():
            defined = operation["x-amazon-apigateway-integration"]
            _, _, answer = apigateway._create_integration(api_id, {
                "integrationType": defined["type"].upper(),
                "integrationUri": defined["uri"],
                "payloadFormatVersion": defined["payloadFormatVersion"],
            })
            target = "integrations/" + json.loads(answer)["integrationId"]
            method = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
            key = "$default" if operation.get("isDefaultRoute") else f"{method} {path}"
            apigateway._create_route(api_id, {"routeKey": key, "target": target})
            print(f"bridge: route {key}", flush=True)
    return api_id, attributes


def alarm_without_mathematics(logical_id, props, stack_name):
    """An alarm on an expression is taken, and never evaluated."""
    if "Metrics" in props:
        return logical_id, {"Arn": f"arn:aws:cloudwatch:::alarm:{logical_id}"}
    return create_alarm(logical_id, props, stack_name)


def target_with_its_time(target, event, rule, view=None):
    """The Scheduler writes its own time into its input: `<aws.scheduler.scheduled-time>`."""
    if event.get("Source") == "aws.scheduler" and target.get("Input"):
        time = datetime.fromtimestamp(event["Time"], tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        target = {**target, "Input": target["Input"].replace("<aws.scheduler.scheduled-time>", time)}
    invoke_target(target, event, rule, view)


def asynchronously(arn, payload):
    """Rules and schedules invoke a function asynchronously: with its retries, its age limit and its failure queue."""
    function, _, name = lambda_svc._get_func_record_for_ref(arn)
    if function is None:
        raise LookupError(f"a rule names the function {name}, which is not there")
    lambda_svc.invoke_async_with_retry(function, json.loads(payload))


def context_with_keys(service, action, body, parameters):
    """What the conditions of the roles ask about: partition keys of the table, sources and names of events."""
    context = context_of(service, action, body, parameters)
    request = json.loads(body or b"{}") if service in ("dynamodb", "events") else {}
    if action == "events:PutEvents":
        context["events:source"] = [entry["Source"] for entry in request["Entries"]]
        context["events:detail-type"] = [entry["DetailType"] for entry in request["Entries"]]
    keys = [request.get("Key"), request.get("Item")]
    keys += [key for table in request.get("RequestItems", {}).values() for key in table.get("Keys", [])]
    for change in request.get("TransactItems", []):
        keys += [part.get("Key") or part.get("Item") for part in change.values()]
    leading = [key["pk"]["S"] for key in keys if key]
    for value in re.findall(r"^\S+\s*=\s*(:\w+)", request.get("KeyConditionExpression", "")):
        leading.append(request["ExpressionAttributeValues"][value]["S"])
    if leading:
        context["dynamodb:leadingkeys"] = leading
    return context


API["create"] = api_with_its_definition
ALARM["create"] = alarm_without_mathematics
eventbridge._invoke_target = target_with_its_time
eventbridge._dispatch_to_lambda = asynchronously
iam_actions.request_tag_context = context_with_keys

if __name__ == "__main__":
    app.main()
