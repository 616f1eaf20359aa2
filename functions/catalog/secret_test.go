package catalog_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

// secretField matches the names of fields that hold a secret.
var secretField = regexp.MustCompile(`^(key|secret|password|token|.*_(key|secret|password|token))$`)

// schema is what the test reads of a schema.
type schema struct {
	Ref        string            `json:"$ref"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
}

// TestAnAnswerWithASecretIsDeclaredSo holds that no answer of a call that stores something has a field
// for a secret without being declared so: it would be kept for a request that is sent again.
func TestAnAnswerWithASecretIsDeclaredSo(t *testing.T) {
	endpoints := catalog.Endpoints(catalog.Services{})
	data, err := endpoint.Document(catalog.Version, endpoints)
	check(t, err)
	var document struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct {
					Schema schema `json:"schema"`
				} `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	check(t, json.Unmarshal(data, &document))
	var secrets func(of schema, seen []string) []string
	secrets = func(of schema, seen []string) (names []string) {
		if of.Ref != "" {
			if slices.Contains(seen, of.Ref) {
				return nil
			}
			seen = append(slices.Clone(seen), of.Ref)
			of = document.Components.Schemas[strings.TrimPrefix(of.Ref, "#/components/schemas/")]
		}
		for name, property := range of.Properties {
			if secretField.MatchString(name) {
				names = append(names, name)
			}
			names = append(names, secrets(property, seen)...)
		}
		if of.Items != nil {
			names = append(names, secrets(*of.Items, seen)...)
		}
		return names
	}
	declared := 0
	for _, e := range endpoints {
		if e.Access == endpoint.Public || e.Method == "GET" ||
			!slices.Contains(e.HandlerGrants(), grant.Grant{Resource: grant.Core, Action: grant.Put}) {
			continue // nothing is kept of such calls
		}
		var names []string
		for _, response := range document.Paths[endpoint.Prefix+e.Path][strings.ToLower(e.Method)].Responses {
			for _, content := range response.Content {
				names = append(names, secrets(content.Schema, nil)...)
			}
		}
		if e.Name == "accounts.change_token" || e.Name == "bastion.change" {
			continue // its key is masked; its keys are public ones
		}
		if len(names) > 0 && !e.Secret {
			t.Errorf("the answer of %s has %v: declare it as Secret", e.Name, names)
		}
		if e.Secret {
			declared++
		}
		if e.Secret && len(names) == 0 {
			t.Errorf("the answer of %s has no secret", e.Name)
		}
	}
	if declared == 0 {
		t.Error("no answer has a secret, not even that of accounts.create_token")
	}
}
