//! PNG files (ISO/IEC 15948), as small and fast as flat pictures can be.

use std::io::Write;

use fdeflate::Compressor;

use super::Colour;

/// The first bytes of every PNG file.
const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Up: each byte less the one above it. Where nothing changes from row to row, that is nought.
const UP: u8 = 2;

/// A picture of up to 16 colours, four bits a pixel.
pub fn of_palette(colours: &[Colour], width: u32, rows: &[u8]) -> Vec<u8> {
    let stride = (width as usize).div_ceil(2);
    let palette: Vec<u8> = colours.iter().flat_map(|colour| [colour.red, colour.green, colour.blue]).collect();
    written(width, stride, 4, 3, &[(b"PLTE", palette.as_slice())], rows)
}

/// A picture of red, green, blue and opacity, eight bits each.
pub fn of_rgba(width: u32, rows: &[u8]) -> Vec<u8> {
    written(width, width as usize * 4, 8, 6, &[], rows)
}

fn written(width: u32, stride: usize, depth: u8, kind: u8, chunks: &[(&[u8; 4], &[u8])], rows: &[u8]) -> Vec<u8> {
    let height = u32::try_from(rows.len() / stride.max(1)).unwrap_or(0);
    let mut header = Vec::from(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([depth, kind, 0, 0, 0]);
    let mut png = Vec::from(SIGNATURE);
    chunk(&mut png, *b"IHDR", &header);
    for (name, data) in chunks {
        chunk(&mut png, **name, data);
    }
    chunk(&mut png, *b"IDAT", &compressed(&filtered(rows, stride)));
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let start = png.len();
    png.extend(name);
    png.extend(data);
    let sum = crc32fast::hash(&png[start..]);
    png.extend(sum.to_be_bytes());
}

fn filtered(rows: &[u8], stride: usize) -> Vec<u8> {
    let mut filtered = Vec::with_capacity(rows.len() + rows.len() / stride.max(1));
    let nothing = vec![0; stride];
    let mut above = nothing.as_slice();
    for row in rows.chunks_exact(stride) {
        filtered.push(UP);
        // Most rows of a flat picture are like the one above.
        if row == above {
            filtered.extend_from_slice(&nothing);
        } else {
            filtered.extend(row.iter().zip(above).map(|(own, above)| own.wrapping_sub(*above)));
        }
        above = row;
    }
    filtered
}

fn compressed(data: &[u8]) -> Vec<u8> {
    let into_memory = || {
        let mut compressor = Compressor::new(Vec::with_capacity(16 * 1024))?;
        compressor.write_data(data)?;
        let mut out = compressor.finish()?;
        out.flush()?;
        Ok::<Vec<u8>, std::io::Error>(out)
    };
    into_memory().expect("memory can be written")
}
