//! The embedded DynamoDB engine, in memory or on disk, behind its own loopback port.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use dynoxide::Database;
use tokio::net::TcpListener;

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Gone with the process.
    Memory,
    /// In this folder; kept between runs.
    Folder(PathBuf),
}

/// The running engine.
pub(crate) struct Engine {
    pub(crate) database: Database,
    pub(crate) endpoint: String,
    /// Held while the process lives; the system lets go of it however the process ends.
    pub(crate) lock: Option<File>,
}

/// The one table.
pub(crate) const TABLE: &str = "statusphere";

impl Engine {
    pub(crate) async fn start(data: &Data, read: Option<i64>) -> anyhow::Result<Self> {
        let mut lock = None;
        let database = match data {
            Data::Memory => Database::memory().context("the embedded store can't be started")?,
            Data::Folder(folder) => {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("the data folder {} can't be made", folder.display()))?;
                lock = Some(take(folder)?);
                let file = folder.join("store.db");
                if let Some(read) = read
                    && file.exists()
                {
                    forget_stream(&file, read)?;
                }
                let path = file.to_str().with_context(|| format!("{} is no text", file.display()))?;
                Database::new(path).with_context(|| format!("the store {path} can't be opened"))?
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.context("no loopback port for the embedded store")?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
        Ok(Self { database, endpoint, lock })
    }
}

/// Takes the folder for this process alone: two would read one stream twice.
fn take(folder: &Path) -> anyhow::Result<File> {
    let path = folder.join("lock");
    let lock = File::create(&path).with_context(|| format!("{} can't be written", path.display()))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(_) => bail!("the data folder {} is in use; choose another with --data", folder.display()),
    }
}

/// Drops stream records that were read. AWS drops them after a day; the engine keeps them for ever.
fn forget_stream(file: &Path, read: i64) -> anyhow::Result<()> {
    let store = rusqlite::Connection::open(file)?;
    store
        .execute("DELETE FROM _stream_records WHERE CAST(sequence_number AS INTEGER) <= ?1", [read])
        .with_context(|| format!("{} is no store of this version", file.display()))?;
    Ok(())
}
