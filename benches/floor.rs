//! How fast this machine writes the files of a site when nothing else has to be done: the floor under every generator.
//!
//! `floor FROM TO` reads the tree FROM into memory, writes it again into the new folder TO with two threads, and
//! prints how many milliseconds the writing took.

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

fn main() -> io::Result<()> {
    // `cargo bench` adds an argument of its own.
    let paths: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [from, to] = paths.as_slice() else {
        println!("give a folder to read and a new folder to write");
        return Ok(());
    };
    let tree = Tree::read(Path::new(from))?;
    let start = Instant::now();
    tree.write(Path::new(to))?;
    println!("{:.1}", start.elapsed().as_secs_f64() * 1000.0);
    Ok(())
}
