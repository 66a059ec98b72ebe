//! Gives the program a name of its own, `ANSLAG_ENGINE`: a hash of the sources that it is made of. What one program
//! remembers of a build is of no use to another, though both call themselves by the same version. And it puts the theme
//! `mr` into the program, for `anslag init`.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let mut files = vec![PathBuf::from("Cargo.lock")];
    gather(Path::new("src"), &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    println!("cargo:rustc-env=ANSLAG_ENGINE={:016x}", hasher.finish());
    println!("cargo:rerun-if-changed=src");
    embed(Path::new("themes/mr"))
}

/// Writes the list of the files of a theme, each with the place from which the compiler takes it.
#[expect(clippy::disallowed_methods, reason = "cargo says so where the list goes, and it is part of no site")]
fn embed(theme: &Path) -> std::io::Result<()> {
    let mut files = Vec::new();
    gather(theme, &mut files)?;
    files.sort();
    println!("cargo:rerun-if-changed={}", theme.display());
    let line = |file: &PathBuf| {
        let path = file.strip_prefix(theme).unwrap_or(file).display().to_string().replace('\\', "/");
        let place = std::path::absolute(file)?.display().to_string();
        println!("cargo:rerun-if-changed={}", file.display());
        Ok(format!("({path:?}, include_bytes!({place:?}) as &[u8]),\n"))
    };
    let lines = files.iter().map(line).collect::<std::io::Result<String>>()?;
    let output = std::env::var_os("OUT_DIR").expect("cargo says where");
    fs::write(Path::new(&output).join("theme.rs"), format!("&[\n{lines}]\n"))
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
