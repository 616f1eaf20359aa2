package audit

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
)

// hiddenIn returns the organizations of some entries that do not let the reader see their people's
// personal data, for a log over any organizations.
func (l *Log) hiddenIn(ctx context.Context, search Search, entries []change.Entry) (map[string]bool, error) {
	if !search.perOrg {
		return nil, nil
	}
	var ids []string
	for _, entry := range entries {
		if entry.OrgID != "" && !slices.Contains(ids, entry.OrgID) {
			ids = append(ids, entry.OrgID)
		}
	}
	return identity.MaskedIn(ctx, l.journal, search.by, ids)
}

// masks reports whether the people of an organization are masked in an entry. Where an entry names no
// organization, its actor may belong to any.
func (s Search) masks(entry change.Entry) bool {
	switch {
	case s.masked:
		return true
	case entry.OrgID == "" && entry.Actor.Provider:
		return false
	case s.perOrg && entry.OrgID == "":
		return s.by.WorksForPlatform() && entry.Actor.ID != ""
	case s.perOrg:
		return s.hidden[entry.OrgID]
	case entry.OrgID == "":
		return len(s.maskedOrgs) > 0
	}
	_, masked := s.maskedOrgs[entry.OrgID]
	return masked
}

// mask masks the people of an organization in an entry: the actor, the message, and what changed.
func mask(by identity.Principal, entry *change.Entry) {
	own := entry.Actor
	entry.Actor = by.MaskActor(entry.Actor)
	if entry.Actor.Provider && entry.Target == "user:"+own.ID {
		return // somebody who works for the provider, about themselves
	}
	entry.Message = identity.MaskMessage(entry.Action, entry.Message)
	entry.Before, entry.After = maskJSON(entry.Before), maskJSON(entry.After)
}

// maskJSON masks the people in a document. One that cannot be read is left out.
func maskJSON(document json.RawMessage) json.RawMessage {
	if len(document) == 0 {
		return document
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(string(document)))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return nil
	}
	masked, err := json.Marshal(maskValue(value))
	if err != nil {
		return nil
	}
	return masked
}

func maskValue(value any) any {
	switch value := value.(type) {
	case map[string]any:
		return maskObject(value)
	case []any:
		for i := range value {
			value[i] = maskValue(value[i])
		}
	}
	return value
}

// maskObject masks the fields of an object that have people in them. A person is an object with an
// address; one who works for the provider is marked as an agent.
func maskObject(object map[string]any) any {
	if agent, _ := object["agent"].(bool); agent {
		return object
	}
	_, person := object["email"]
	_, decision := object["granted"]
	provider, _ := object["by_provider"].(bool)
	for name, value := range object {
		text, ok := value.(string)
		if !ok {
			object[name] = maskValue(value)
			continue
		}
		switch name {
		case "email", "from", "address":
			object[name] = identity.MaskEmail(text)
		case "first_name", "last_name", "person_name", "invited_by":
			object[name] = identity.MaskName(text)
		case "name":
			if person {
				object[name] = identity.MaskName(text)
			}
		case "by_name":
			if decision && !provider {
				object[name] = identity.MaskName(text)
			}
		case "watchers", "cc":
			object[name] = maskNames(text)
		case "src_ip":
			object[name] = identity.MaskSource(text)
		case "mail", "mail_failure", "not_notified", "detail":
			object[name] = identity.MaskText(text)
		case "user_agent", "phone", "phone2":
			delete(object, name)
		}
	}
	return object
}

// maskNames masks names that are separated by commas.
func maskNames(text string) string {
	people := strings.Split(text, ", ")
	for i, name := range people {
		people[i] = identity.MaskName(name)
	}
	return strings.Join(people, ", ")
}
