package cloud

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
)

// event holds the parts of an event that matter here; the rest is kept as it is.
type event struct {
	RequestContext *struct {
		HTTP *struct{} `json:"http"`
	} `json:"requestContext"`
	Records []struct {
		Source string `json:"eventSource"`
	} `json:"Records"`
}

// before returns an event as AWS makes it. In a disturbed installation, it also shuffles and
// repeats records.
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

// corrected fixes MiniStack's event of an HTTP API: it moves cookies from the headers to a list
// ("Working with AWS Lambda proxy integrations for HTTP APIs"), sets the caller's address to the
// address of the connection, and adds the stage variables of the API with the event's API id.
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

// shuffled returns the records of an event in another order.
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

// after returns a function's response to records as MiniStack understands it. It turns failures of
// a stream's records into a failure of the whole call: AWS Lambda would retry from the first failed
// record, but MiniStack ignores them and only retries a failed call. It turns a failure list of
// null, which means no failures, into an empty one, because MiniStack crashes on it.
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
