//! The template with one thing less, or one more than there should be: each must be noticed by some check.

use regex::Regex;
use serde_json::{Value, json};

use crate::source::Template;

/// Places in the template that no check may do without.
const NEEDED: [&str; 14] = [
    r"^/Parameters/[^/]+(/(AllowedValues|AllowedPattern|MinValue|MaxValue|ConstraintDescription|Description))?$",
    r"^/Rules/[^/]+(/RuleCondition|/Assertions/\d+(/AssertDescription)?)?$",
    r"^/Resources/[^/]+/Properties/(VisibilityTimeout|Dimensions/\d+|MetricTransformations)$",
    r"^/Resources/[^/]+Errors$",
    r"^/Globals/Function/Environment/Variables/[^/]+$",
    r"^/Resources/[^/]+/Properties/Environment/Variables/[^/]+$",
    r"^/Resources/[^/]+/Properties/Events/[^/]+$",
    r"^/Resources/[^/]+/Properties/(Role|Timeout|LoggingConfig|EventInvokeConfig|RetentionInDays)$",
    r"^/Resources/[^/]+/Properties(/Policies/\d+)?/PolicyDocument/Statement/\d+(/(Action|Resource|Condition)(/\d+|/[^/]+/[^/]+(/\d+)?)?)?$",
    r"/AssumeRolePolicyDocument/Statement/\d+(/Principal)?$",
    r"/(FilterCriteria|DestinationConfig|DeadLetterConfig|BisectBatchOnFunctionError|MaximumRetryAttempts)$",
    r"/Events/[^/]+/Properties/(RetryPolicy|Pattern/[^/]+(/\d+)?)$",
    r"^/Resources/Table/Properties/(AttributeDefinitions|KeySchema|GlobalSecondaryIndexes)/\d+$",
    r"^/Resources/Table/Properties/(StreamSpecification|TimeToLiveSpecification|PointInTimeRecoverySpecification)$",
];

/// Each with what was done to it.
pub(crate) fn all(template: &Template) -> Vec<(String, Template)> {
    let needed: Vec<Regex> = NEEDED.iter().map(|place| Regex::new(place).unwrap()).collect();
    let mut places = Vec::new();
    walk(&template.0, "", &mut places);
    // Which values are allowed CloudFormation says itself.
    let said = |place: &str| {
        let parameter = place.strip_suffix("/ConstraintDescription").and_then(|place| template.0.pointer(place));
        parameter.is_some_and(|parameter| parameter.get("AllowedValues").is_some())
    };
    let places = places.into_iter().filter(|place| needed.iter().any(|needed| needed.is_match(place)) && !said(place));
    let mut all: Vec<_> =
        places.map(|place| (format!("{place}, which is taken out"), without(template, &place))).collect();
    let sizes = (all.len(), template.functions().len());
    assert!(sizes.0 > 100 && sizes.1 > 3, "the template is not read as it was: {sizes:?}");
    all.extend(filters(template));
    all.extend(more(template));
    all
}

fn walk(value: &Value, place: &str, places: &mut Vec<String>) {
    let mut below = |name: String, value: &Value| {
        let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
        walk(value, &place, places);
        places.push(place);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| below(name.clone(), value)),
        Value::Array(list) => list.iter().enumerate().for_each(|(n, value)| below(n.to_string(), value)),
        _ => {}
    }
}

fn without(template: &Template, place: &str) -> Template {
    let mut poorer = template.clone();
    let (parent, name) = place.rsplit_once('/').unwrap();
    match poorer.0.pointer_mut(parent).unwrap() {
        Value::Array(list) => drop(list.remove(name.parse().unwrap())),
        Value::Object(map) => drop(map.remove(&name.replace("~1", "/").replace("~0", "~"))),
        other => panic!("{place}: {other}"),
    }
    poorer
}

/// The stream's filter without one of its halves.
fn filters(template: &Template) -> Vec<(String, Template)> {
    let publisher = template.functions().into_iter().find(|function| function.name == "publisher").unwrap();
    let (event, _) = publisher.events().find(|(_, event)| event["Type"] == "DynamoDB").unwrap();
    let place =
        format!("/Resources/{}/Properties/Events/{event}/Properties/FilterCriteria/Filters/0/Pattern", publisher.id);
    let pattern: Value = serde_json::from_str(template.0.pointer(&place).unwrap().as_str().unwrap()).unwrap();
    let halves = ["pk", "sk"].map(|key| {
        let (mut wider, mut template) = (pattern.clone(), template.clone());
        wider["dynamodb"]["Keys"].as_object_mut().unwrap().remove(key).unwrap();
        *template.0.pointer_mut(&place).unwrap() = json!(wider.to_string());
        (format!("the filter's {key}, which is taken out"), template)
    });
    halves.to_vec()
}

/// One thing more than the code has.
fn more(template: &Template) -> Vec<(String, Template)> {
    let mut all = Vec::new();
    let mut add = |place: String, value: Value| {
        let mut richer = template.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        match richer.0.pointer_mut(parent).unwrap_or_else(|| panic!("{place}")) {
            Value::Array(list) => list.push(value),
            Value::Object(map) => drop(map.insert(name.to_owned(), value)),
            other => panic!("{place}: {other}"),
        }
        all.push((format!("{place}, which is too much"), richer));
    };
    for function in template.functions() {
        let properties = format!("/Resources/{}/Properties", function.id);
        add(format!("{properties}/Environment/Variables/MORE"), json!("1"));
        add(format!("{properties}/Policies"), json!(["AdministratorAccess"]));
        let role = crate::source::words(&function.properties["Role"]).replace(".Arn", "");
        let statements = format!("/Resources/{role}/Properties/Policies/0/PolicyDocument/Statement/-");
        let table = json!({"Fn::GetAtt": ["Table", "Arn"]});
        for (action, resource) in
            [("dynamodb:DeleteItem", &table), ("dynamodb:*", &table), ("dynamodb:GetItem", &json!("*"))]
        {
            add(statements.clone(), json!({"Effect": "Allow", "Action": action, "Resource": resource}));
        }
    }
    let anyone = json!({"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["ScrapeFailures", "Arn"]}});
    add("/Resources/ScrapeFailuresPolicy/Properties/PolicyDocument/Statement/-".to_owned(), anyone);
    let route = |method: &str, path: &str| json!({"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "HttpApi"}, "Method": method, "Path": path}});
    add("/Resources/Api/Properties/Events/More".to_owned(), route("GET", "/api/v1/more"));
    add("/Resources/Api/Properties/Events/Page".to_owned(), route("GET", "/status/{page}"));
    add("/Resources/Web/Properties/Events/More".to_owned(), route("ANY", "/{proxy+}"));
    add("/Resources/Scraper/Properties/Events/More".to_owned(), route("GET", "/more"));
    add("/Resources/HttpApi/Properties/RouteSettings/GET more".to_owned(), json!({"ThrottlingRateLimit": 1}));
    all
}
