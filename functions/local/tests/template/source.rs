//! `template.yaml` as CloudFormation reads it: short tags in their long form, globals in each function.
//!
//! Deliberately absent: what the values of parameters make of it. Conditions are read as they stand.

use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// The top of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A file by its path from the top.
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The Rust sources in a folder and those below it.
pub(crate) fn sources(folder: &str) -> Vec<String> {
    let (mut folders, mut texts) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    texts
}

/// The template as JSON.
#[derive(Debug, Clone)]
pub(crate) struct Template(pub(crate) Value);

/// A function of the template.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function<'a> {
    /// Its logical id.
    pub(crate) id: &'a str,
    /// Its folder in `functions/`, by the binary that it is built from.
    pub(crate) name: &'a str,
    pub(crate) properties: &'a Value,
}

impl Template {
    pub(crate) fn read() -> Self {
        let text = read("template.yaml");
        Self(json(&Yaml::load_from_str(&text).expect("template.yaml is YAML").remove(0)))
    }

    pub(crate) fn section(&self, name: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.0[name].as_object().into_iter().flatten()
    }

    pub(crate) fn of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let resources = self.section("Resources").filter(move |(_, resource)| resource["Type"] == kind);
        resources.map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    pub(crate) fn functions(&self) -> Vec<Function<'_>> {
        let functions = self.section("Resources").filter(|(_, one)| one["Type"] == "AWS::Serverless::Function");
        let functions = functions.map(|(id, one)| {
            let binary = one["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap_or_default();
            let name = binary.strip_prefix("statusphere-").unwrap_or_default();
            Function { id, name, properties: &one["Properties"] }
        });
        functions.collect()
    }

    /// Every name that something below a value refers to.
    pub(crate) fn references(value: &Value) -> Vec<String> {
        match value {
            Value::Array(list) => list.iter().flat_map(Self::references).collect(),
            Value::Object(map) => map.iter().flat_map(|(key, value)| referred(key, value)).collect(),
            _ => Vec::new(),
        }
    }
}

impl<'a> Function<'a> {
    /// Its events with their logical ids.
    pub(crate) fn events(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.properties["Events"].as_object().into_iter().flatten().map(|(id, event)| (id.as_str(), event))
    }
}

fn referred(key: &str, value: &Value) -> Vec<String> {
    match (key, value) {
        ("Ref", Value::String(name)) => vec![name.clone()],
        ("Fn::GetAtt", Value::Array(path)) => vec![words(&path[0])],
        ("Fn::Sub", Value::String(text)) => placeholders(text),
        ("Fn::Sub", Value::Array(parts)) => {
            let mut names = placeholders(&words(&parts[0]));
            names.retain(|name| parts[1].get(name).is_none());
            names.extend(Template::references(&parts[1]));
            names
        }
        _ => Template::references(value),
    }
}

fn placeholders(text: &str) -> Vec<String> {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split('}').next());
    names.filter(|name| !name.starts_with('!')).map(str::to_owned).collect()
}

/// A value in words: `Table.Arn` for `!GetAtt Table.Arn`, `Table.Arn/index/x` for `!Sub ${Table.Arn}/index/x`.
pub(crate) fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => match map.iter().next().map(|(key, value)| (key.as_str(), value)) {
            Some(("Ref", Value::String(name))) => name.clone(),
            Some(("Fn::GetAtt", Value::Array(path))) => path.iter().map(words).collect::<Vec<_>>().join("."),
            Some(("Fn::Sub", Value::String(text))) => text.replace("${", "").replace('}', ""),
            _ => value.to_string(),
        },
        other => other.to_string(),
    }
}

/// One value or a list of them.
pub(crate) fn listed(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    }
}

fn json(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Value(Scalar::FloatingPoint(value)) => json!(value.into_inner()),
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Sequence(list) => list.iter().map(json).collect(),
        Yaml::Mapping(map) => {
            let key = |key: &Yaml<'_>| json(key).as_str().expect("a key is a text").to_owned();
            Value::Object(map.iter().map(|(name, value)| (key(name), json(value))).collect::<Map<_, _>>())
        }
        Yaml::Tagged(tag, value) => long_form(&tag.suffix, &json(value)),
        other => panic!("not the YAML of a template: {other:?}"),
    }
}

fn long_form(tag: &str, value: &Value) -> Value {
    match (tag, value) {
        ("Ref" | "Condition", _) => json!({tag: value}),
        ("GetAtt", Value::String(path)) => json!({"Fn::GetAtt": path.splitn(2, '.').collect::<Vec<_>>()}),
        _ => json!({format!("Fn::{tag}"): value}),
    }
}
