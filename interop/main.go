// Command interop checks an exported Openline record with Go's transparency log packages, which share no code with
// Openline. It prints one line for each log and stops at the first thing that does not hold.
//
//	interop OUT...            each OUT is what `openline record export DIR OUT` wrote
//	interop -vectors FOLDER   compares vectors/log with golang.org/x/mod/sumdb/tlog
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "-vectors" {
		finish(checkVectors(os.Args[2]))
		return
	}
	if len(os.Args) < 2 {
		finish(fmt.Errorf("usage: interop OUT... or interop -vectors FOLDER"))
	}
	for _, out := range os.Args[1:] {
		finish(checkExport(out))
	}
}

func finish(err error) {
	if err != nil {
		fmt.Println("FAIL", err)
		os.Exit(1)
	}
}

// checkExport checks every log of one export: <party>/ and <party>/closed/<incarnation>/, each with a checkpoint.
func checkExport(out string) error {
	var logs []string
	for _, pattern := range []string{"*/checkpoint", "*/closed/*/checkpoint"} {
		found, err := filepath.Glob(filepath.Join(out, pattern))
		if err != nil {
			return err
		}
		logs = append(logs, found...)
	}
	if len(logs) == 0 {
		return fmt.Errorf("%s: no <party>/checkpoint in it", out)
	}
	for _, checkpoint := range logs {
		dir := filepath.Dir(checkpoint)
		line, err := checkLog(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		fmt.Println("ok  ", dir+":", line)
	}
	return nil
}
