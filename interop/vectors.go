package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"
)

type vectorCase struct {
	Comment string
	Input   struct {
		Entries                           []string
		Index, Size, First, Second        float64
		Leaf, Root, FirstRoot, SecondRoot string
		Proof                             []string
	}
	Expect json.RawMessage
}

// checkVectors compares the vectors that Go's packages can judge. Cases outside their range (the empty tree, negative
// or broken numbers, hashes of other lengths) are counted as passed over.
func checkVectors(folder string) error {
	for _, kind := range []struct {
		name  string
		check func(vectorCase) (agrees, judged bool)
	}{{"tree", agreesTree}, {"inclusion", agreesInclusion}, {"consistency", agreesConsistency}} {
		data, err := os.ReadFile(filepath.Join(folder, kind.name+".json"))
		if err != nil {
			return err
		}
		var file struct{ Cases []vectorCase }
		if err := json.Unmarshal(data, &file); err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
		judgedCount := 0
		for _, c := range file.Cases {
			agrees, judged := kind.check(c)
			if !agrees && judged {
				return fmt.Errorf("vectors %s: %s: sumdb/tlog disagrees", kind.name, c.Comment)
			}
			if judged {
				judgedCount++
			}
		}
		fmt.Printf("ok   vectors %s: %d agree, %d passed over\n", kind.name, judgedCount, len(file.Cases)-judgedCount)
	}
	return nil
}

func agreesTree(c vectorCase) (bool, bool) {
	var expect struct {
		Leaves []string
		Root   string
	}
	if json.Unmarshal(c.Expect, &expect) != nil || len(c.Input.Entries) == 0 {
		return expect.Root == hex.EncodeToString(emptyRoot[:]), true
	}
	var stored memory
	for i, entry := range c.Input.Entries {
		data, err := hex.DecodeString(entry)
		leaf := tlog.RecordHash(data)
		if err != nil || hex.EncodeToString(leaf[:]) != expect.Leaves[i] {
			return false, true
		}
		hashes, _ := tlog.StoredHashesForRecordHash(int64(i), leaf, stored)
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(int64(len(c.Input.Entries)), stored)
	return err == nil && hex.EncodeToString(root[:]) == expect.Root, true
}

func agreesInclusion(c vectorCase) (bool, bool) {
	in := c.Input
	proof, ok := hashes(append([]string{in.Leaf, in.Root}, in.Proof...))
	if !ok || in.Index < 0 || in.Index >= in.Size || in.Index != float64(int64(in.Index)) {
		return false, false
	}
	err := tlog.CheckRecord(proof[2:], int64(in.Size), proof[1], int64(in.Index), proof[0])
	return (err == nil) == (string(c.Expect) == "true"), true
}

func agreesConsistency(c vectorCase) (bool, bool) {
	in := c.Input
	proof, ok := hashes(append([]string{in.FirstRoot, in.SecondRoot}, in.Proof...))
	if !ok || in.First < 1 || in.First > in.Second {
		return false, false
	}
	err := tlog.CheckTree(proof[2:], int64(in.Second), proof[1], int64(in.First), proof[0])
	return (err == nil) == (string(c.Expect) == "true"), true
}

func hashes(texts []string) ([]tlog.Hash, bool) {
	all := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		data, err := hex.DecodeString(text)
		if err != nil || len(data) != tlog.HashSize {
			return nil, false
		}
		copy(all[i][:], data)
	}
	return all, true
}
