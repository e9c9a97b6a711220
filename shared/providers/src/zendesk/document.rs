//! A list of incidents with what is included beside it, as JSON:API has it.
//!
//! Deliberately absent: the incidents' own fields.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use statusphere_domain::ComponentStatus;

use crate::{field, words};

/// An attribute, its key written in either way.
pub(super) fn attribute<'a>(row: &'a Value, camel: &str, snake: &str) -> Option<&'a Value> {
    let attributes = &row["attributes"];
    attributes.get(camel).or_else(|| attributes.get(snake))
}

/// True while an incident or its effect on a service has no end.
pub(super) fn is_open(row: &Value) -> bool {
    match attribute(row, "resolvedAt", "resolved_at") {
        Some(end) => field::at(end).is_none(),
        None => !words::incident(field::text(&row["attributes"]["status"])).is_over(),
    }
}

/// A document of incidents.
pub(super) struct Incidents {
    pub(super) rows: Vec<Value>,
    /// The updates of each incident, by its id: their rows, in the document's order.
    updates: HashMap<String, Vec<Value>>,
    /// The effects of each incident on services, by its id.
    effects: HashMap<String, Vec<Value>>,
    open: HashSet<String>,
}

impl Incidents {
    /// The error says what the document lacks.
    pub(super) fn new(document: Value) -> Result<Self, String> {
        let Value::Object(mut fields) = document else { return Err("the incidents are no object".to_owned()) };
        let Some(Value::Array(rows)) = fields.remove("data") else {
            return Err("the incidents have no list `data`".to_owned());
        };
        let included = fields.remove("included");
        if rows.is_empty() && !matches!(&included, Some(Value::Array(included)) if included.is_empty()) {
            return Err("the list of incidents is empty, but what is included is not".to_owned());
        }
        let mut by_id = HashMap::new();
        let mut effects: HashMap<String, Vec<Value>> = HashMap::new();
        for row in field::list(included.as_ref().unwrap_or(&Value::Null)) {
            match field::text(&row["type"]) {
                "incidentService" | "incident_service" => {
                    let incident = attribute(row, "incidentId", "incident_id").and_then(field::id).unwrap_or_default();
                    effects.entry(incident).or_default().push(row.clone());
                }
                "incidentUpdate" | "incident_update" => {
                    by_id.extend(field::id(&row["id"]).map(|id| (id, row.clone())));
                }
                _ => {}
            }
        }
        let open = rows.iter().filter(|row| is_open(row)).filter_map(|row| field::id(&row["id"])).collect();
        let updates = rows.iter().filter_map(|row| Some((field::id(&row["id"])?, listed(row, &by_id)))).collect();
        Ok(Self { rows, updates, effects, open })
    }

    pub(super) fn has_open(&self) -> bool {
        self.rows.iter().any(is_open)
    }

    pub(super) fn updates(&self, incident: &str) -> &[Value] {
        self.updates.get(incident).map_or(&[], Vec::as_slice)
    }

    pub(super) fn effects(&self, incident: &str) -> &[Value] {
        self.effects.get(incident).map_or(&[], Vec::as_slice)
    }

    /// The services that an open incident touches, by their ids, with the worst that is said of them.
    pub(super) fn touched(&self) -> HashMap<String, ComponentStatus> {
        let mut touched = HashMap::new();
        for (incident, rows) in &self.effects {
            for row in rows.iter().filter(|row| is_open(row)) {
                // An effect that names no incident we know is open only if it says so itself.
                let says_so = attribute(row, "resolvedAt", "resolved_at") == Some(&Value::Null);
                let known = self.updates.contains_key(incident);
                let Some(service) = attribute(row, "serviceId", "service_id").and_then(field::id) else { continue };
                if !(self.open.contains(incident) || !known && says_so) {
                    continue;
                }
                let status = touched.entry(service).or_insert(ComponentStatus::DegradedPerformance);
                if row["attributes"]["outage"] == Value::Bool(true) {
                    *status = ComponentStatus::MajorOutage;
                }
            }
        }
        touched
    }
}

fn listed(row: &Value, updates: &HashMap<String, Value>) -> Vec<Value> {
    let relationships = &row["relationships"];
    let lists =
        ["incidentUpdates", "incident_updates"].into_iter().flat_map(|key| field::list(&relationships[key]["data"]));
    lists.filter_map(|reference| updates.get(&field::id(&reference["id"])?).cloned()).collect()
}
