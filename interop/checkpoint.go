package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	algCosignatureEd25519 = 0x04
	algCosignatureMLDSA44 = 0x06
)

// A head is what an exported checkpoint says once the log's signature over it has been verified.
type head struct {
	tree       tlog.Tree
	cosigned   int // valid 0x04 lines
	notChecked int // lines of keys that Go 1.19 cannot check (0x06) or that are not in vkeys
}

// openCheckpoint opens <dir>/checkpoint with the keys of <dir>/vkeys, the log's Ed25519 key first.
func openCheckpoint(dir string) (head, error) {
	keys, err := os.ReadFile(filepath.Join(dir, "vkeys"))
	if err != nil {
		return head{}, err
	}
	message, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return head{}, err
	}
	lines := strings.Split(strings.TrimSuffix(string(keys), "\n"), "\n")
	log, err := note.NewVerifier(lines[0])
	if err != nil {
		return head{}, fmt.Errorf("vkeys: first line: %w", err)
	}
	verifiers := []note.Verifier{log}
	for _, line := range lines[1:] {
		v, err := cosignatureVerifier(line)
		if err != nil {
			return head{}, fmt.Errorf("vkeys: %q: %w", line, err)
		}
		if v != nil {
			verifiers = append(verifiers, v)
		}
	}
	opened, err := note.Open(message, note.VerifierList(verifiers...))
	if err != nil {
		return head{}, fmt.Errorf("checkpoint: %w", err)
	}
	if sig := opened.Sigs[0]; sig.Name != log.Name() || sig.Hash != log.KeyHash() {
		return head{}, fmt.Errorf("checkpoint: the first signature is not the log's")
	}
	tree, err := parseBody(opened.Text, log.Name())
	if err != nil {
		return head{}, fmt.Errorf("checkpoint: %w", err)
	}
	return head{tree, len(opened.Sigs) - 1, len(opened.UnverifiedSigs)}, nil
}

// parseBody reads the three lines of a checkpoint.
func parseBody(text, origin string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tlog.Tree{}, fmt.Errorf("not three lines")
	}
	if lines[0] != origin {
		return tlog.Tree{}, fmt.Errorf("origin %q is not the key's name %q", lines[0], origin)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("root: %w", err)
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// A cosigner verifies C2SP tlog-cosignature lines of type 0x04; sumdb/note knows only type 0x01.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}

// cosignatureVerifier returns nil for an ML-DSA-44 key, whose id it still checks.
func cosignatureVerifier(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("not name+id+key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) < 2 {
		return nil, fmt.Errorf("key is not base64")
	}
	if key[0] == 1 {
		return note.NewVerifier(vkey)
	}
	sum := sha256.Sum256(bytes.Join([][]byte{[]byte(parts[0]), key}, []byte("\n")))
	hash := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return nil, fmt.Errorf("key id is not its own")
	}
	switch {
	case key[0] == algCosignatureEd25519 && len(key) == 33:
		return cosigner{parts[0], hash, key[1:]}, nil
	case key[0] == algCosignatureMLDSA44 && len(key) == 1313:
		return nil, nil
	}
	return nil, fmt.Errorf("key of type %d with %d bytes", key[0], len(key)-1)
}
