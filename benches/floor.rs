//! How fast this machine writes the files of a site when nothing else has to be done: the floor under every generator.
//!
//! `floor FROM TO` reads the tree FROM into memory, writes it again into the new folder TO with two threads, and
//! prints how many milliseconds the writing took. `floor --look FOLDER FOLDER` asks the file system about every file there,
//! with one thread: the floor under a build that has nothing to do.

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, io, thread};

const THREADS: usize = 2;

/// A tree of files in memory, with the paths from its root.
#[derive(Default)]
struct Tree {
    /// The folders, outer ones first.
    folders: Vec<PathBuf>,
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Tree {
    fn read(root: &Path) -> io::Result<Self> {
        let mut tree = Self::default();
        tree.add(root, Path::new(""))?;
        Ok(tree)
    }

    fn add(&mut self, root: &Path, folder: &Path) -> io::Result<()> {
        self.folders.push(folder.to_owned());
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                self.add(root, &path)?;
            } else {
                self.files.push((path, fs::read(entry.path())?));
            }
        }
        Ok(())
    }

    fn write(&self, root: &Path) -> io::Result<()> {
        let share = self.files.len().div_ceil(THREADS).max(1);
        for folder in &self.folders {
            fs::create_dir(root.join(folder))?;
        }
        thread::scope(|scope| {
            let write = |files: &[(PathBuf, Vec<u8>)]| -> io::Result<()> {
                files.iter().try_for_each(|(path, bytes)| fs::write(root.join(path), bytes))
            };
            let writers: Vec<_> = self.files.chunks(share).map(|files| scope.spawn(move || write(files))).collect();
            writers.into_iter().try_for_each(|writer| writer.join().expect("writing does not panic"))
        })
    }
}

/// Asks about every file in a folder, by names that are known: so the folders themselves are not read.
fn look(files: &[PathBuf]) -> io::Result<u64> {
    files.iter().map(|file| Ok(fs::symlink_metadata(file)?.len())).sum()
}

fn files_in(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files_in(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    // `cargo bench` adds an argument of its own.
    let (options, paths): (Vec<String>, Vec<String>) =
        env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let [from, to] = paths.as_slice() else {
        println!("give a folder to read and a new folder to write, or `--look` and two folders");
        return Ok(());
    };
    let (from, to) = (Path::new(from), Path::new(to));
    let start = if options.iter().any(|option| option == "--look") {
        let mut files = Vec::new();
        files_in(from, &mut files)?;
        files_in(to, &mut files)?;
        let start = Instant::now();
        look(&files)?;
        start
    } else {
        let tree = Tree::read(from)?;
        let start = Instant::now();
        tree.write(to)?;
        start
    };
    println!("{:.1}", start.elapsed().as_secs_f64() * 1000.0);
    Ok(())
}
