package cloud

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// assembly is the output of the AWS CDK: stacks in the order of their deployment, and the files
// that they need.
type assembly struct {
	stacks []stack
	files  []file
}

type stack struct {
	name     string
	template []byte
}

// file is an asset that a template expects in the bucket.
type file struct {
	bucket, key string
	content     []byte
}

// readAssembly reads a folder written by the CDK ("Cloud assemblies").
func readAssembly(folder string) (assembly, error) {
	var manifest struct {
		Artifacts map[string]struct {
			Type         string   `json:"type"`
			Dependencies []string `json:"dependencies"`
			Properties   struct {
				TemplateFile string `json:"templateFile"`
				StackName    string `json:"stackName"`
				File         string `json:"file"`
			} `json:"properties"`
		} `json:"artifacts"`
	}
	if err := readJSON(filepath.Join(folder, "manifest.json"), &manifest); err != nil {
		return assembly{}, err
	}
	var result assembly
	known := map[string]bool{}
	done := map[string]bool{}
	var visit func(name string) error
	visit = func(name string) error {
		artifact, ok := manifest.Artifacts[name]
		if !ok || done[name] {
			return nil
		}
		done[name] = true
		slices.Sort(artifact.Dependencies)
		for _, other := range artifact.Dependencies {
			if err := visit(other); err != nil {
				return err
			}
		}
		switch artifact.Type {
		case "aws:cloudformation:stack":
			template, err := os.ReadFile(filepath.Join(folder, artifact.Properties.TemplateFile))
			if err != nil {
				return err
			}
			if artifact.Properties.StackName != "" {
				name = artifact.Properties.StackName
			}
			result.stacks = append(result.stacks, stack{name: name, template: template})
		case "cdk:asset-manifest":
			files, err := readFiles(folder, artifact.Properties.File)
			if err != nil {
				return err
			}
			for _, one := range files {
				if !known[one.key] {
					known[one.key] = true
					result.files = append(result.files, one)
				}
			}
		}
		return nil
	}
	var names []string
	for name := range manifest.Artifacts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := visit(name); err != nil {
			return assembly{}, err
		}
	}
	return result, nil
}

// readFiles reads an asset manifest and the files that it names, except the templates, which are
// passed inline.
func readFiles(folder, name string) ([]file, error) {
	var manifest struct {
		Files map[string]struct {
			Source       struct{ Path, Packaging string }
			Destinations map[string]struct{ BucketName, ObjectKey string }
		} `json:"files"`
	}
	if err := readJSON(filepath.Join(folder, name), &manifest); err != nil {
		return nil, err
	}
	var files []file
	for _, asset := range manifest.Files {
		if strings.HasSuffix(asset.Source.Path, ".template.json") {
			continue
		}
		path := filepath.Join(folder, asset.Source.Path)
		content, err := os.ReadFile(path)
		if asset.Source.Packaging == "zip" {
			content, err = zipped(path)
		}
		if err != nil {
			return nil, err
		}
		for _, destination := range asset.Destinations {
			files = append(files, file{bucket: destination.BucketName, key: destination.ObjectKey, content: content})
		}
	}
	return files, nil
}

// zipped zips a folder.
func zipped(folder string) ([]byte, error) {
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	if err := writer.AddFS(os.DirFS(folder)); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
