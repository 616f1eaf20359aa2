//go:build emulator

package catalog_test

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/emulated/processes"
	"github.com/tenantry/tenantry/shared/store/emulator"
)

// formerProgram is the source of the program whose functions are still running when those of the
// present one begin to write.
const formerProgram = "testdata/former/cedae5c.tar.gz"

// TestTheFormerProgramWorksOnWhatTheNewOneWrites fills the tables of an emulated AWS by the present
// program, and sends the sample events to the functions of the former one.
func TestTheFormerProgramWorksOnWhatTheNewOneWrites(t *testing.T) {
	address := os.Getenv(emulator.MiniStack)
	if address == "" {
		t.Fatalf("This test needs an emulator of AWS. Run shared/store/emulators.sh, or set %s.", emulator.MiniStack)
	}
	source, folder := t.TempDir(), t.TempDir()
	unpackFormer(t, source)
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", filepath.Join(folder, "bootstrap"), "./functions")
	build.Dir = source
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the former program cannot be built: %v\n%s", err, output)
	}
	adapters, environment := onEmulator(t, address)
	i := populated(t, adapters)
	functions, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	former := map[string]string{}
	for _, e := range catalog.Endpoints(catalog.Services{}) {
		former[e.Name] = cmp.Or(e.Former, e.Name)
	}
	called, had := 0, formerOperations(t, source)
	for _, function := range functions {
		name := former[function.Name]
		if name == "" || !had[name] {
			continue
		}
		called++
		t.Run(function.Name, func(t *testing.T) {
			i.t = t
			program := processes.NewProgram(processes.Function{
				ARN:  "arn:aws:lambda:" + emulator.Region + ":123456789012:function:" + name,
				Name: name, Handler: name, Version: "1", Timeout: function.Timeout, Memory: function.Memory,
				Environment: environment, Folder: folder,
			}, processes.Account{ID: "test", Region: emulator.Region, Endpoint: address},
				func(_, line string) { t.Log(line) })
			defer program.Close()
			event, want := i.event(function)
			event = withoutFields(t, event, newerFields()[function.Name]...)
			answer, err := program.Call(context.Background(), event)
			check(t, err)
			if bytes.Contains(answer, []byte(`"statusCode":503`)) { // "Try again."
				answer, err = program.Call(context.Background(), event)
				check(t, err)
			}
			wants(t, function, answer, want)
		})
	}
	if called < 100 {
		t.Errorf("only %d functions were called: that is too little to be meaningful", called)
	}
}

// formerOperations returns the names of the former program's operations.
func formerOperations(t *testing.T, source string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(source, "functions/catalog/testdata/openapi.json"))
	check(t, err)
	var document struct {
		Paths map[string]map[string]struct {
			Operation string `json:"operationId"`
		} `json:"paths"`
	}
	check(t, json.Unmarshal(text, &document))
	operations := map[string]bool{}
	for _, methods := range document.Paths {
		for _, method := range methods {
			operations[method.Operation] = true
		}
	}
	return operations
}

func unpackFormer(t *testing.T, folder string) {
	t.Helper()
	file, err := os.Open(formerProgram)
	check(t, err)
	defer func() { _ = file.Close() }()
	unpacked, err := gzip.NewReader(file)
	check(t, err)
	archive := tar.NewReader(unpacked)
	root, err := os.OpenRoot(folder)
	check(t, err)
	defer func() { _ = root.Close() }()
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		check(t, err)
		if header.Typeflag != tar.TypeReg {
			continue
		}
		check(t, root.MkdirAll(filepath.Dir(header.Name), 0o700))
		content, err := io.ReadAll(archive)
		check(t, err)
		check(t, root.WriteFile(header.Name, content, 0o600))
	}
}

// newerFields are the fields of sample bodies that the former program refuses, because it does not
// know them.
func newerFields() map[string][]string {
	return map[string][]string{"accounts.change_self": {"preferences"}}
}

// withoutFields removes fields from the body of an event.
func withoutFields(t *testing.T, raw []byte, fields ...string) []byte {
	t.Helper()
	if len(fields) == 0 {
		return raw
	}
	var event events.APIGatewayV2HTTPRequest
	check(t, json.Unmarshal(raw, &event))
	var body map[string]json.RawMessage
	check(t, json.Unmarshal([]byte(event.Body), &body))
	for _, field := range fields {
		delete(body, field)
	}
	left, err := json.Marshal(body)
	check(t, err)
	event.Body, event.Headers["content-length"] = string(left), strconv.Itoa(len(left))
	changed, err := json.Marshal(event)
	check(t, err)
	return changed
}
