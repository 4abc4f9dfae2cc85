package main

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

// tilePath is the C2SP path of a tile below the log's folder. Go's own paths name the height as well and end otherwise.
func tilePath(level string, n int64, w int) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if w != width {
		path = fmt.Sprintf("%s.p/%d", path, w)
	}
	return fmt.Sprintf("tile/%s/%s", level, path)
}

// widthAt is how wide tile n of a level is in a tree of size entries; 0 where there is none.
func widthAt(size int64, level int, n int64) int {
	hashes := size >> uint(level*height)
	switch rest := hashes - n*width; {
	case rest <= 0:
		return 0
	case rest >= width:
		return width
	default:
		return int(rest)
	}
}

// readEntries reads every entry bundle of a log with size entries.
func readEntries(dir string, size int64, each func(entry []byte)) ([]string, error) {
	var paths []string
	for n := int64(0); widthAt(size, 0, n) > 0; n++ {
		w := widthAt(size, 0, n)
		path := tilePath("entries", n, w)
		paths = append(paths, path)
		data, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return nil, err
		}
		for i := 0; i < w; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s: ends inside entry %d", path, n*width+int64(i))
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			each(data[2:end])
			data = data[end:]
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("%s: %d bytes after the last entry", path, len(data))
		}
	}
	return paths, nil
}

// checkNothingElse fails on a file below tile/ that a log of this size does not have.
func checkNothingElse(dir string, expected []string) error {
	known := make(map[string]bool)
	for _, path := range expected {
		known[path] = true
	}
	root := filepath.Join(dir, "tile")
	if _, err := os.Stat(root); os.IsNotExist(err) {
		return nil
	}
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		if err == nil && !known[filepath.ToSlash(relative)] {
			err = fmt.Errorf("%s: no tile of this log", relative)
		}
		return err
	})
}

// exportedTiles serves the exported hash tiles to tlog.TileHashReader, which authenticates them itself.
type exportedTiles struct {
	dir  string
	size int64
	kept map[string][]byte
}

func (t exportedTiles) Height() int                                { return height }
func (t exportedTiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (t exportedTiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// A smaller tree's partial tile is the beginning of the tile that the whole log has there.
		path := tilePath(fmt.Sprint(tile.L), tile.N, widthAt(t.size, tile.L, tile.N))
		data, ok := t.kept[path]
		if !ok {
			var err error
			if data, err = os.ReadFile(filepath.Join(t.dir, path)); err != nil {
				return nil, err
			}
			t.kept[path] = data
		}
		if len(data) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", path, len(data))
		}
		all = append(all, data[:tile.W*tlog.HashSize])
	}
	return all, nil
}
