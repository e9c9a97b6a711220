//! The table's definition for embedded engines: the same keys, indexes and stream as in `template.yaml`.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, StreamSpecification, StreamViewType,
};

use crate::{Store, StoreError, service};

/// Name, keys and attributes of each index.
const INDEXES: [(&str, &str, &str, ProjectionType); 3] = [
    ("by-start", "page", "start", ProjectionType::All),
    ("open", "open", "rank", ProjectionType::All),
    ("lanes", "lane", "lane_until", ProjectionType::KeysOnly),
];

impl Store {
    /// Creates the table unless it is there. One of an earlier version is refused.
    pub async fn create_table(&self) -> Result<(), StoreError> {
        let mut call = self
            .client
            .create_table()
            .table_name(&self.table)
            .billing_mode(BillingMode::PayPerRequest)
            .stream_specification(
                StreamSpecification::builder()
                    .stream_enabled(true)
                    .stream_view_type(StreamViewType::NewAndOldImages)
                    .build()
                    .map_err(refused)?,
            )
            .key_schema(key("pk", KeyType::Hash)?)
            .key_schema(key("sk", KeyType::Range)?);
        for name in ["pk", "sk", "page", "start", "open", "rank", "lane", "lane_until"] {
            call = call.attribute_definitions(
                AttributeDefinition::builder()
                    .attribute_name(name)
                    .attribute_type(ScalarAttributeType::S)
                    .build()
                    .map_err(refused)?,
            );
        }
        for (name, hash, range, projected) in INDEXES {
            call = call.global_secondary_indexes(
                GlobalSecondaryIndex::builder()
                    .index_name(name)
                    .key_schema(key(hash, KeyType::Hash)?)
                    .key_schema(key(range, KeyType::Range)?)
                    .projection(Projection::builder().projection_type(projected).build())
                    .build()
                    .map_err(refused)?,
            );
        }
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("ResourceInUseException") => self.check_table().await,
            Err(error) => Err(service("CreateTable")(error)),
        }
    }

    async fn check_table(&self) -> Result<(), StoreError> {
        let described = self.client.describe_table().table_name(&self.table).send().await;
        let table = described.map_err(service("DescribeTable"))?.table;
        let indexes = table.and_then(|table| table.global_secondary_indexes).unwrap_or_default();
        let has_all = INDEXES.iter().all(|(name, ..)| indexes.iter().any(|index| index.index_name() == Some(*name)));
        if has_all { Ok(()) } else { Err(StoreError::Outmoded { table: self.table.clone() }) }
    }
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, StoreError> {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(refused)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn refused(error: aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::Service { operation: "CreateTable", message: error.to_string() }
}
