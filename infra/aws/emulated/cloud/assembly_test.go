package cloud

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStacksComeAfterThoseTheyNeedAndTheirFilesArePacked(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(folder, name)
		check(t, os.MkdirAll(filepath.Dir(path), 0o750))
		check(t, os.WriteFile(path, []byte(text), 0o700))
	}
	write("manifest.json", `{"artifacts": {
		"a": {"type": "aws:cloudformation:stack", "dependencies": ["z", "a.assets"], "properties": {"templateFile": "a.template.json", "stackName": "t-a"}},
		"z": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "z.template.json"}},
		"a.assets": {"type": "cdk:asset-manifest", "properties": {"file": "a.assets.json"}},
		"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}
	}}`)
	write("a.template.json", `{"a":1}`)
	write("z.template.json", `{"z":1}`)
	write("a.assets.json", `{"files": {
		"1": {"source": {"path": "asset.1", "packaging": "zip"}, "destinations": {"here": {"bucketName": "assets-${AWS::Region}", "objectKey": "1.zip"}}},
		"2": {"source": {"path": "a.template.json", "packaging": "file"}, "destinations": {"here": {"bucketName": "b", "objectKey": "2.json"}}}
	}}`)
	write("asset.1/bootstrap", "a program")
	read, err := readAssembly(folder)
	check(t, err)
	want := []stack{{"z", []byte(`{"z":1}`)}, {"t-a", []byte(`{"a":1}`)}}
	if difference := cmp.Diff(want, read.stacks, cmp.AllowUnexported(stack{})); difference != "" {
		t.Errorf("the stacks (-want +got):\n%s", difference)
	}
	if len(read.files) != 1 || read.files[0].bucket != "assets-${AWS::Region}" || read.files[0].key != "1.zip" {
		t.Fatalf("the files are %+v", read.files)
	}
	packed, err := zip.NewReader(bytes.NewReader(read.files[0].content), int64(len(read.files[0].content)))
	check(t, err)
	to := filepath.Join(t.TempDir(), "code")
	check(t, extract(packed, to))
	about, err := os.Stat(filepath.Join(to, "bootstrap"))
	if err != nil || about.Mode().Perm()&0o100 == 0 {
		t.Errorf("the unpacked program: %v, %v", about, err)
	}
}
