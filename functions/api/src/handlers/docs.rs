//! `/docs`: this API for people, made of the document that is served beside it.

use std::{fmt::Write as _, sync::LazyLock};

use askama::Template;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use html_escape::encode_text;
use lambda_http::http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{
    openapi::served,
    problem::{Code, Problem},
};
use statusphere_http::{Answer, MaxAge};

const STYLE: &str = include_str!("../../templates/docs.css");

/// The page and its policy, the same as long as the process lives; `None` when it can't be shown.
static PAGE: LazyLock<Option<(String, HeaderValue)>> = LazyLock::new(|| {
    let page = Reference::new(&served()).render();
    let page = page.inspect_err(|error| tracing::error!(%error, "the reference can't be shown")).ok()?;
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    Some((page, HeaderValue::try_from(policy).ok()?))
});

/// This API for people
#[utoipa::path(get, path = "/docs", operation_id = "docs", tag = "About",
    responses((status = 200, description = "HTML.", body = String, content_type = "text/html"),
        (status = 304, description = "Nothing is new since the answer whose `ETag` was given in `If-None-Match`.")))]
pub(crate) fn handle() -> Result<Answer, Problem> {
    let Some((page, policy)) = &*PAGE else {
        return Err(Problem::new(Code::Internal, "failed to show the reference"));
    };
    let page = Answer::new("text/html; charset=utf-8", page.clone(), MaxAge::Release).unindexed();
    Ok(page.with(CONTENT_SECURITY_POLICY, policy.clone()))
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Reference<'a> {
    style: &'static str,
    title: &'a str,
    description: &'a str,
    groups: Vec<Group<'a>>,
    schemas: Vec<Schema<'a>>,
}

/// Endpoints of one tag.
struct Group<'a> {
    name: &'a str,
    description: &'a str,
    endpoints: Vec<Endpoint<'a>>,
}

struct Endpoint<'a> {
    id: &'a str,
    path: &'a str,
    summary: &'a str,
    description: &'a str,
    /// Of a request that may be tried as it is.
    query: String,
    parameters: Vec<Parameter<'a>>,
    responses: Vec<(&'a str, &'a str)>,
    answer: Option<String>,
    example: Option<String>,
}

struct Parameter<'a> {
    name: &'a str,
    kind: String,
    required: bool,
    description: &'a str,
}

struct Schema<'a> {
    name: &'a str,
    description: &'a str,
    words: Vec<&'a str>,
    fields: Vec<Parameter<'a>>,
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn fields(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

impl<'a> Reference<'a> {
    fn new(document: &'a Value) -> Self {
        let endpoints = || fields(&document["paths"]).map(|(path, item)| (path, &item["get"]));
        let group = |tag: &'a Value| {
            let name = text(tag, "name");
            let of_tag = endpoints().filter(|(_, operation)| operation["tags"][0] == *name);
            Group {
                name,
                description: text(tag, "description"),
                endpoints: of_tag.map(|(path, operation)| Endpoint::new(path, operation)).collect(),
            }
        };
        Self {
            style: STYLE,
            title: text(&document["info"], "title"),
            description: text(&document["info"], "description"),
            groups: rows(&document["tags"]).map(group).collect(),
            schemas: fields(&document["components"]["schemas"]).map(|(name, value)| Schema::new(name, value)).collect(),
        }
    }
}

impl<'a> Endpoint<'a> {
    fn new(path: &'a str, operation: &'a Value) -> Self {
        let content = &operation["responses"]["200"]["content"]["application/json"];
        let parameter = |value: &'a Value| Parameter {
            name: text(value, "name"),
            kind: kind(&value["schema"]),
            required: value["required"] == true,
            description: text(value, "description"),
        };
        let needed = |value: &&Value| value["required"] == true || value["name"] == "page" || value["name"] == "id";
        let example = |value: &Value| Some(format!("{}={}", text(value, "name"), value["example"].as_str()?));
        let query: Vec<String> = rows(&operation["parameters"]).filter(needed).filter_map(example).collect();
        Self {
            query: if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) },
            id: text(operation, "operationId"),
            path,
            summary: text(operation, "summary"),
            description: text(operation, "description"),
            parameters: rows(&operation["parameters"]).map(parameter).collect(),
            responses: fields(&operation["responses"])
                .map(|(code, value)| (code, text(value, "description")))
                .collect(),
            answer: content["schema"]["$ref"].as_str().map(|name| name.rsplit('/').next().unwrap_or(name).to_owned()),
            example: content.get("example").and_then(|example| serde_json::to_string_pretty(example).ok()),
        }
    }
}

impl<'a> Schema<'a> {
    fn new(name: &'a str, value: &'a Value) -> Self {
        let parts = rows(&value["allOf"]).chain([value]);
        let field = |(name, value): (&'a str, &'a Value)| Parameter {
            name,
            kind: kind(value),
            required: true,
            description: text(value, "description"),
        };
        let flattened = |part: &'a Value| {
            part["$ref"].as_str().map(|_| Parameter {
                name: "",
                kind: kind(part),
                required: true,
                description: "its fields too",
            })
        };
        Self {
            name,
            description: text(value, "description"),
            words: rows(&value["enum"]).filter_map(Value::as_str).collect(),
            fields: parts.flat_map(|part| fields(&part["properties"]).map(field).chain(flattened(part))).collect(),
        }
    }
}

/// What a value is, in a few words; the names of schemas are links.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    let one = |kind_of: &str| match (kind_of, schema["format"].as_str()) {
        ("array", _) => format!("list of {}", kind(&schema["items"])),
        ("integer" | "number", _) | (_, None) => kind_of.to_owned(),
        (_, Some(format)) => format!("{kind_of} ({format})"),
    };
    match &schema["type"] {
        Value::String(name) => one(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(one).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}

/// Our own descriptions as HTML: paragraphs, and code between backticks.
fn prose(text: &str) -> String {
    let mut html = String::new();
    for paragraph in text.split("\n\n") {
        html.push_str("<p>");
        for (n, part) in paragraph.split('`').enumerate() {
            let part = encode_text(part);
            let _ = if n % 2 == 1 { write!(html, "<code>{part}</code>") } else { write!(html, "{part}") };
        }
        html.push_str("</p>");
    }
    html
}
