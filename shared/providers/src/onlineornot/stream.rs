//! The data that React Router sends along in a page: a flat list in which values refer to each other by their place.
//!
//! Deliberately absent: dates, promises and other types of the format, which stand for absent here; and the whole as one
//! value: references may make it endlessly large, so that each is followed only when asked for, and not without end.

use std::cell::Cell;

use serde_json::{Deserializer, Value};

use crate::html;

const ENQUEUE: &str = "streamController.enqueue(";
/// Fields and elements looked at, at most; a real page needs some thousands.
const BUDGET: usize = 200_000;
/// A text that is copied counts for one more with every so many bytes.
const TEXT: usize = 32;

pub(super) struct Stream {
    values: Vec<Value>,
    budget: Cell<usize>,
}

impl Stream {
    /// The data of a page; `None` when it embeds none, an error when that is cut off.
    pub(super) fn read(markup: &str) -> Option<Result<Self, String>> {
        let mut text = String::new();
        let mut rest = markup;
        let mut found = false;
        while let Some((_, after)) = rest.split_once(ENQUEUE) {
            found = true;
            let mut strings = Deserializer::from_str(after).into_iter::<String>();
            rest = match strings.next() {
                Some(Ok(chunk)) => {
                    text.push_str(&chunk);
                    after.get(strings.byte_offset()..).unwrap_or_default()
                }
                _ => after,
            };
        }
        if !html::is_bearable(&text) {
            return Some(Err("the data holds more values than a status page has".to_owned()));
        }
        // Further lines hold what was promised; status pages promise nothing.
        let values = serde_json::from_str(text.lines().next().unwrap_or_default());
        let stream = values.map(|values| Self { values, budget: Cell::new(BUDGET) });
        found.then(|| stream.map_err(|error| format!("the data cannot be read: {error}")))
    }

    pub(super) fn root(&self) -> Node<'_> {
        Node { stream: self, place: 0 }
    }

    /// True when more was asked for than a page may hold: what was read is not all.
    pub(super) fn is_exhausted(&self) -> bool {
        self.budget.get() == 0
    }

    fn spend(&self, steps: usize) -> Option<()> {
        self.budget.set(self.budget.get().saturating_sub(steps + 1));
        (!self.is_exhausted()).then_some(())
    }

    /// What a reference leads to; negative ones stand for null, undefined and the like.
    fn follow(&self, reference: &Value) -> Option<Node<'_>> {
        let place = usize::try_from(reference.as_i64()?).ok()?;
        (place < self.values.len()).then_some(Node { stream: self, place })
    }
}

/// One value of the list.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    stream: &'a Stream,
    place: usize,
}

impl<'a> Node<'a> {
    /// The value itself, references in it not followed.
    pub(super) fn value(self) -> &'a Value {
        self.stream.values.get(self.place).unwrap_or(&Value::Null)
    }

    /// A field of an object; `None` also for null.
    pub(super) fn field(self, name: &str) -> Option<Self> {
        let fields = self.value().as_object()?;
        self.stream.spend(fields.len())?;
        let reference = fields.iter().find_map(|(key, reference)| {
            let place: usize = key.strip_prefix('_')?.parse().ok()?;
            (self.stream.values.get(place)?.as_str()? == name).then_some(reference)
        })?;
        self.stream.follow(reference).filter(|node| !node.value().is_null())
    }

    /// A field's text, without the space around it; `None` when it has none.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        let text = self.field(name)?.value().as_str()?.trim();
        self.stream.spend(text.len() / TEXT)?;
        (!text.is_empty()).then_some(text)
    }

    /// The elements of a list.
    pub(super) fn list(self) -> Option<Vec<Self>> {
        let elements = self.value().as_array()?;
        self.stream.spend(elements.len())?;
        // An element that is nothing stays in the list, as a row that cannot be read.
        let nowhere = Self { stream: self.stream, place: usize::MAX };
        // A list that begins with a word is a value of some other type.
        let is_typed = elements.first().is_some_and(Value::is_string);
        (!is_typed).then(|| elements.iter().map(|element| self.stream.follow(element).unwrap_or(nowhere)).collect())
    }

    /// The values of an object, whatever their names.
    pub(super) fn entries(self) -> Option<Vec<Self>> {
        let fields = self.value().as_object()?;
        self.stream.spend(fields.len())?;
        let nowhere = Self { stream: self.stream, place: usize::MAX };
        Some(fields.values().map(|reference| self.stream.follow(reference).unwrap_or(nowhere)).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn page(values: &str) -> String {
        format!("<script>x.{ENQUEUE}{});</script>", serde_json::to_string(values).unwrap())
    }

    #[test]
    fn references_are_followed() {
        let html = page("[{\"_1\":2,\"_3\":-5,\"_4\":5},\"a\",\"text\",\"b\",\"c\",[2,-7,6],[\"D\",2]]\nP1:[]\n");
        let stream = Stream::read(&html).unwrap().unwrap();
        let root = stream.root();
        assert_eq!(root.text("a"), Some("text"));
        assert!(root.field("b").is_none() && root.field("z").is_none());
        let list = root.field("c").unwrap().list().unwrap();
        assert_eq!((list.len(), list[0].value().as_str(), list[1].value().is_null()), (3, Some("text"), true));
        assert!(list[2].list().is_none());
    }

    #[test]
    fn what_is_cut_off_is_no_data() {
        assert!(Stream::read("<html></html>").is_none());
        let html = page("[{},\"a\"]");
        for end in html.find(ENQUEUE).unwrap() + ENQUEUE.len()..html.len() - ");</script>".len() {
            assert!(Stream::read(&html[..end]).unwrap().is_err(), "{}", &html[..end]);
        }
    }

    #[test]
    fn hostile_data_costs_no_more_than_its_budget() {
        let started = Instant::now();
        let wide = format!("[[{}1],{{\"_0\":0,\"_1\":0}}]", "1,".repeat(20_000));
        let html = page(&wide);
        let stream = Stream::read(&html).unwrap().unwrap();
        for node in stream.root().list().unwrap() {
            assert!(node.field("a").is_none());
        }
        assert!(Stream::read(&ENQUEUE.repeat(200_000)).unwrap().is_err());
        assert!(Stream::read(&format!("{ENQUEUE}\"").repeat(100_000)).unwrap().is_err());
        assert!(started.elapsed().as_secs() < 5, "took {:?}", started.elapsed());
    }
}
