package settings

import (
	"fmt"
	"os"
	"path/filepath"
)

// Repository returns the folder with go.mod, searching upwards from the working directory. Paths in
// the settings are relative to it.
func Repository() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for folder := start; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("%s is not in the repository: run this inside it", start)
		}
	}
}
