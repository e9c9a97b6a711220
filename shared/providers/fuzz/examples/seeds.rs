//! Writes the crate's fixtures as first inputs of the fuzzer: `seeds FIXTURES CORPUS`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use statusphere_providers::PROVIDERS;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(fixtures), Some(corpus)) = (arguments.next(), arguments.next()) else {
        return Err("give the folder of the fixtures and that of the corpus".into());
    };
    for (at, provider) in PROVIDERS.iter().enumerate() {
        for case in files(&fixtures.join(provider.name))? {
            let own = ["page.json", "reading.json", "items.json"];
            let files = files(&case)?.into_iter().filter(|file| !own.iter().any(|own| file.ends_with(own)));
            let bodies = files.map(fs::read).collect::<Result<Vec<_>, _>>()?;
            let Some(first) = bodies.first() else { continue };
            let folder = corpus.join(syntax(first));
            fs::create_dir_all(&folder)?;
            let chosen = [u8::try_from(at)?, 0];
            let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
            fs::write(
                folder.join(format!("{}-{name}", provider.name)),
                [&chosen, bodies.join(&b"\n%%\n"[..]).as_slice()].concat(),
            )?;
        }
    }
    Ok(())
}

fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.sort();
    Ok(files)
}

fn syntax(body: &[u8]) -> &'static str {
    let start = String::from_utf8_lossy(&body[..body.len().min(200)]).trim_start().to_ascii_lowercase();
    match start.as_bytes().first() {
        Some(b'{' | b'[') => "json",
        _ if ["<rss", "<feed", "<?xml"].iter().any(|root| start.contains(root)) => "feed",
        _ => "html",
    }
}
