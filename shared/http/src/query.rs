//! The one reader of query strings: of the raw one, because API Gateway joins repeated parameters with commas.
//!
//! Deliberately absent: what parameters mean. They come out as texts, each handler into its own struct, which is also what
//! the OpenAPI document says of them; a handler decides in which order they are judged.

use std::borrow::Cow;

use serde::{
    Deserialize,
    de::{
        Deserializer, IntoDeserializer, Visitor,
        value::{Error, MapDeserializer},
    },
    forward_to_deserialize_any,
};

/// Characters of one parameter, decoded, at most.
const LONGEST: usize = 2_048;

/// Why a parameter can't be read, in a few words for whoever asked.
#[derive(Debug)]
pub struct NotRead(pub String);

/// A raw query string. The first of a repeated parameter counts, an empty one is missing; what is no UTF-8 is replaced.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    /// Wraps what stands after the `?`.
    pub fn new(raw: &'a str) -> Self {
        Self(raw)
    }

    /// Every value of a parameter that may be there more than once, as boxes of a form are.
    pub fn all(self, wanted: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
        form_urlencoded::parse(self.0.as_bytes()).filter(move |(name, _)| name == wanted).map(|(_, value)| value)
    }

    /// The parameters that `T` knows; all others are passed over.
    pub fn read<T: Deserialize<'a>>(self) -> Result<T, NotRead> {
        let mut pairs: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
        for (name, text) in form_urlencoded::parse(self.0.as_bytes()) {
            if !pairs.iter().any(|(known, _)| *known == name) {
                pairs.push((name.clone(), Value { name, text }));
            }
        }
        pairs.retain(|(_, value)| !value.text.is_empty());
        T::deserialize(MapDeserializer::new(pairs.into_iter())).map_err(|error: Error| NotRead(error.to_string()))
    }
}

/// The text of a parameter, checked only when somebody wants it.
struct Value<'a> {
    name: Cow<'a, str>,
    text: Cow<'a, str>,
}

impl<'a> IntoDeserializer<'a, Error> for Value<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.text.chars().count() > LONGEST {
            return Err(serde::de::Error::custom(format!("{} is longer than {LONGEST} characters", self.name)));
        }
        visitor.visit_string(self.text.into_owned())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier
    }
}
