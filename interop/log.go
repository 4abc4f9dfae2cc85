package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"
)

// Logs up to this many entries have every inclusion proof made and checked; longer ones this many, evenly spaced.
const proofsMax = 2000

// memory holds every stored hash of a tree, recomputed from the entries.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = m[index]
	}
	return hashes, nil
}

// checkLog checks one exported log and returns what was checked, for a person to read.
func checkLog(dir string) (string, error) {
	head, err := openCheckpoint(dir)
	if err != nil {
		return "", err
	}
	var stored memory
	var leaves []tlog.Hash
	size := head.tree.N
	paths, err := readEntries(dir, size, func(entry []byte) {
		leaf := tlog.RecordHash(entry)
		hashes, _ := tlog.StoredHashesForRecordHash(int64(len(leaves)), leaf, stored)
		stored, leaves = append(stored, hashes...), append(leaves, leaf)
	})
	if err != nil {
		return "", err
	}
	root := tlog.Hash{}
	if size == 0 {
		root = emptyRoot
	} else if root, err = tlog.TreeHash(size, stored); err != nil {
		return "", err
	}
	if root != head.tree.Hash {
		return "", fmt.Errorf("the entries give root %v, the checkpoint says %v", root, head.tree.Hash)
	}
	tiles, err := checkTiles(dir, size, stored)
	if err != nil {
		return "", err
	}
	if err := checkNothingElse(dir, append(paths, tiles...)); err != nil {
		return "", err
	}
	included, consistent, err := checkProofs(dir, head.tree, stored, leaves)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d entries, %d hash tiles, %d inclusion and %d consistency proofs, %d cosignatures, %d lines not checked here",
		size, len(tiles), included, consistent, head.cosigned, head.notChecked), nil
}

// emptyRoot is SHA-256 of nothing, which tlog does not compute: it has no trees without records.
var emptyRoot = tlog.Hash{
	0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
}

// checkTiles compares every hash tile byte for byte with what the entries give.
func checkTiles(dir string, size int64, stored memory) ([]string, error) {
	var paths []string
	for level := 0; size>>uint(level*height) > 0; level++ {
		for n := int64(0); widthAt(size, level, n) > 0; n++ {
			w := widthAt(size, level, n)
			path := tilePath(fmt.Sprint(level), n, w)
			paths = append(paths, path)
			want, err := tlog.ReadTileData(tlog.Tile{H: height, L: level, N: n, W: w}, stored)
			if err != nil {
				return nil, err
			}
			got, err := os.ReadFile(filepath.Join(dir, path))
			if err != nil {
				return nil, err
			}
			if !bytes.Equal(got, want) {
				return nil, fmt.Errorf("%s: not the hashes that the entries give", path)
			}
		}
	}
	return paths, nil
}

// checkProofs makes proofs from the exported tiles alone and checks them against the signed root.
func checkProofs(dir string, tree tlog.Tree, stored memory, leaves []tlog.Hash) (included, consistent int, err error) {
	tiles := exportedTiles{dir, tree.N, make(map[string][]byte)}
	if tree.N == 0 {
		return 0, 0, nil
	}
	reader := tlog.TileHashReader(tree, tiles)
	for _, index := range sample(tree.N) {
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		if err == nil {
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaves[index])
		}
		if err != nil {
			return 0, 0, fmt.Errorf("inclusion of entry %d: %w", index, err)
		}
		included++
	}
	sizes := someSizes(tree.N)
	for i, larger := range sizes {
		root, err := tlog.TreeHash(larger, stored)
		if err != nil {
			return 0, 0, err
		}
		reader := tlog.TileHashReader(tlog.Tree{N: larger, Hash: root}, tiles)
		for _, smaller := range sizes[:i+1] {
			proof, err := tlog.ProveTree(larger, smaller, reader)
			if err != nil {
				return 0, 0, fmt.Errorf("consistency of %d with %d: %w", smaller, larger, err)
			}
			before, err := tlog.TreeHash(smaller, stored)
			if err == nil {
				err = tlog.CheckTree(proof, larger, root, smaller, before)
			}
			if err != nil {
				return 0, 0, fmt.Errorf("consistency of %d with %d: %w", smaller, larger, err)
			}
			consistent++
		}
	}
	return included, consistent, nil
}

// sample is every index up to proofsMax entries, else evenly spaced ones with the first and the last.
func sample(size int64) []int64 {
	count := size
	if count > proofsMax {
		count = proofsMax
	}
	indexes := make([]int64, 0, count)
	for i := int64(0); i < count; i++ {
		if count == 1 {
			indexes = append(indexes, 0)
		} else {
			indexes = append(indexes, i*(size-1)/(count-1))
		}
	}
	return indexes
}

// someSizes is ascending: powers of two, their neighbours around tile borders, and the end of the log.
func someSizes(size int64) []int64 {
	var sizes []int64
	for _, s := range []int64{1, 2, 3, 7, 8, 100, 255, 256, 257, 511, 512, 513, 1000, 4096, 65535, 65536, 65537, size / 2, size - 1, size} {
		if s >= 1 && s <= size && (len(sizes) == 0 || s > sizes[len(sizes)-1]) {
			sizes = append(sizes, s)
		}
	}
	if sizes[len(sizes)-1] != size {
		sizes = append(sizes, size)
	}
	return sizes
}
