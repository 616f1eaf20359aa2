//go:build cdk

package stacks

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/infra/aws/settings"
)

func TestMain(m *testing.M) {
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// variant is a way to deploy that the tests cover.
type variant string

const (
	byEndpoint variant = "endpoint"
	byRights   variant = "rights"
	byDomain   variant = "domain"
	everything variant = "everything"  // with all options
	ownDomain  variant = "domain name" // with a custom domain and no CloudFront
	emulator   variant = "emulator"
)

func variants() map[variant]map[string]any {
	return map[variant]map[string]any{
		byEndpoint: {},
		byRights:   {"granularity": "rights"},
		byDomain:   {"granularity": "domain"},
		ownDomain: {
			"customDomain":   "portal.example.com",
			"certificateArn": "arn:aws:acm:eu-central-1:111122223333:certificate/0",
		},
		everything: {
			"mailDomain":     "support.example.com",
			"cloudFront":     true,
			"customDomain":   "portal.example.com",
			"certificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/0",
			"alarmEmail":     "operators@example.com",
			"alarms":         "all",
			"monthlyBudget":  200.0,
			"archiveLock":    "compliance",
			"provisioned":    "cases.list=2,core=25/10",
		},
		emulator: {"emulated": true, "baseUrl": "http://127.0.0.1:8080"},
	}
}

// synthesis is a synthesized variant.
type synthesis struct {
	settings settings.Settings
	// templates are the stacks' templates, by stack name.
	templates map[string]template
	// findings are the errors and warnings of cdk-nag and the CDK.
	findings []string
	// after lists the stacks that are deployed before a stack, by its name.
	after map[string][]string
}

type template struct {
	Resources map[string]resource
	raw       []byte
}

type resource struct {
	Type                string
	Properties          map[string]any
	DeletionPolicy      string
	UpdateReplacePolicy string
}

var worlds sync.Map // from a variant to a func() (synthesis, error) that runs once

// world returns a variant, which is synthesized once.
func world(t *testing.T, v variant) synthesis {
	t.Helper()
	once, _ := worlds.LoadOrStore(v, sync.OnceValues(func() (synthesis, error) { return synthesized(v) }))
	w, err := once.(func() (synthesis, error))()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func synthesized(v variant) (synthesis, error) {
	folder, err := os.MkdirTemp("", "tenantry-cdk-")
	if err != nil {
		return synthesis{}, err
	}
	defer os.RemoveAll(folder)
	code := filepath.Join(folder, "code")
	if err := os.Mkdir(code, 0o700); err != nil {
		return synthesis{}, err
	}
	if err := os.WriteFile(filepath.Join(code, "bootstrap"), []byte("#!/bin/sh\n"), 0o700); err != nil {
		return synthesis{}, err
	}
	s, err := settings.Read(variants()[v], "")
	if err != nil {
		return synthesis{}, err
	}
	s.Code = code
	out := filepath.Join(folder, "out")
	app := newApp(jsii.String(out), nil)
	if err := build(app, s); err != nil {
		return synthesis{}, err
	}
	app.Synth(nil)
	w := synthesis{settings: s, templates: map[string]template{}}
	if w.findings, w.after, err = manifestOf(out); err != nil {
		return synthesis{}, err
	}
	files, err := filepath.Glob(filepath.Join(out, "*.template.json"))
	if err != nil {
		return synthesis{}, err
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return synthesis{}, err
		}
		read := template{raw: raw}
		if err := json.Unmarshal(raw, &read); err != nil {
			return synthesis{}, fmt.Errorf("%s: %w", file, err)
		}
		w.templates[strings.TrimSuffix(filepath.Base(file), ".template.json")] = read
	}
	return w, nil
}

// manifestOf reads the findings of an assembly, and the order of its stacks.
func manifestOf(out string) (findings []string, after map[string][]string, err error) {
	raw, err := os.ReadFile(filepath.Join(out, "manifest.json"))
	if err != nil {
		return nil, nil, err
	}
	var manifest struct {
		Artifacts map[string]struct {
			Dependencies []string
			Metadata     map[string][]struct {
				Type string
				Data any
			}
		}
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return nil, nil, err
	}
	after = map[string][]string{}
	for name, artifact := range manifest.Artifacts {
		after[name] = artifact.Dependencies
		for path, entries := range artifact.Metadata {
			for _, entry := range entries {
				if entry.Type == "aws:cdk:error" || entry.Type == "aws:cdk:warning" {
					findings = append(findings, fmt.Sprintf("%s: %v", path, entry.Data))
				}
			}
		}
	}
	return findings, after, nil
}

// each runs a test on every variant.
func each(t *testing.T, test func(t *testing.T, w synthesis)) {
	for _, v := range slices.Sorted(maps.Keys(variants())) {
		t.Run(string(v), func(t *testing.T) { test(t, world(t, v)) })
	}
}

// element is a resource with its stack and its id there.
type element struct {
	stack, id string
	resource
}

func (e element) String() string { return e.stack + "/" + e.id }

// of returns all resources of the given types, in a fixed order.
func (w synthesis) of(types ...string) []element {
	var all []element
	for _, stack := range slices.Sorted(maps.Keys(w.templates)) {
		resources := w.templates[stack].Resources
		for _, id := range slices.Sorted(maps.Keys(resources)) {
			if slices.Contains(types, resources[id].Type) {
				all = append(all, element{stack, id, resources[id]})
			}
		}
	}
	return all
}

// at follows a path into properties: at(p, "LoggingConfig", "LogFormat").
func at(value any, path ...string) any {
	for _, step := range path {
		inner, _ := value.(map[string]any)
		value = inner[step]
	}
	return value
}

// list returns a value as a list, because IAM writes lists of one as a single value.
func list(value any) []any {
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		return value
	default:
		return []any{value}
	}
}

// hashes matches what the CDK appends to the names that it generates.
var hashes = regexp.MustCompile(`[0-9A-F]{8}`)

// brief returns a value of a template on one line, with templates and imports as text.
func brief(value any) string {
	if inner, is := value.(map[string]any); is && len(inner) == 1 {
		for name, argument := range inner {
			if text, plain := argument.(string); plain {
				return strings.TrimPrefix(name, "Fn::") + " " + hashes.ReplaceAllString(text, "")
			}
		}
	}
	if text, is := value.(string); is {
		return text
	}
	written, _ := json.Marshal(value)
	return string(written)
}
