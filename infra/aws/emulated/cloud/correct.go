package cloud

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
)

// event is what of an event concerns this package; the rest is kept as it is.
type event struct {
	RequestContext *struct {
		HTTP *struct{} `json:"http"`
	} `json:"requestContext"`
	Records []struct {
		Source string `json:"eventSource"`
	} `json:"Records"`
}

// before gives an event as AWS makes it, and disturbs those of an installation that is to be
// disturbed.
func (c *Cloud) before(region string, raw []byte) ([]byte, bool) {
	var known event
	if json.Unmarshal(raw, &known) != nil {
		return raw, false
	}
	switch installation := c.installation(region); {
	case known.RequestContext != nil && known.RequestContext.HTTP != nil:
		var variables map[string]object
		if installation != nil && installation.gateway != nil {
			if paths := installation.gateway.paths.Load(); paths != nil {
				variables = paths.variables
			}
		}
		return corrected(raw, variables), false
	case len(known.Records) > 0 && installation != nil && installation.settings.Disturbed:
		if known.Records[0].Source == "aws:sqs" {
			raw = shuffled(raw)
		}
		twice := rand.IntN(3) == 0
		if twice {
			installation.repeated.Add(1)
		}
		return raw, twice
	}
	return raw, false
}

// corrected makes up for what MiniStack's event of an HTTP API lacks: cookies are in a list and not
// among the headers ("Working with AWS Lambda proxy integrations for HTTP APIs"), the caller's
// address is the one that is connected, and the variables of the API's stage, which are given by
// the API's id, are in the event.
func corrected(raw []byte, variables map[string]object) []byte {
	var whole object
	if json.Unmarshal(raw, &whole) != nil {
		return raw
	}
	headers, _ := whole["headers"].(object)
	if cookies, ok := headers["cookie"].(string); ok {
		whole["cookies"] = strings.Split(cookies, "; ")
		delete(headers, "cookie")
	}
	if forwarded, ok := headers["x-forwarded-for"].(string); ok {
		all := strings.Split(forwarded, ", ")
		whole["requestContext"].(object)["http"].(object)["sourceIp"] = all[len(all)-1]
	}
	if id, ok := whole["requestContext"].(object)["apiId"].(string); ok && variables[id] != nil {
		whole["stageVariables"] = variables[id]
	}
	changed, err := json.Marshal(whole)
	if err != nil {
		return raw
	}
	return changed
}

// shuffled brings the records of an event into another order.
func shuffled(raw []byte) []byte {
	var records struct{ Records []json.RawMessage }
	if json.Unmarshal(raw, &records) != nil {
		return raw
	}
	rand.Shuffle(len(records.Records), func(i, j int) {
		records.Records[i], records.Records[j] = records.Records[j], records.Records[i]
	})
	changed, err := json.Marshal(records)
	if err != nil {
		return raw
	}
	return changed
}

// after gives a function's answer to records as MiniStack understands it. The failures of a
// stream's records become one of the whole call: AWS Lambda would deliver again from the first of
// them on, MiniStack passes over them, but delivers all again if the call fails. A list of failures
// that is null means that there are none, also to AWS Lambda; MiniStack stumbles over it.
func after(raw, answer []byte) ([]byte, error) {
	var known event
	var answered struct {
		Failures []json.RawMessage `json:"batchItemFailures"`
	}
	readable := json.Unmarshal(raw, &known) == nil && json.Unmarshal(answer, &answered) == nil
	switch {
	case !readable || len(known.Records) == 0:
		return answer, nil
	case len(answered.Failures) == 0:
		return []byte(`{"batchItemFailures":[]}`), nil
	case known.Records[0].Source == "aws:dynamodb":
		return nil, errors.New("some records of the stream failed")
	}
	return answer, nil
}
