package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/tenantry/tenantry/infra/aws/emulated/access"
)

// guard restricts functions to what their roles allow. A function's requests, and the URLs that it
// signs for others, carry its name in place of the session token.
type guard struct {
	at       access.Place
	policies map[string]access.Policy
	denied   func(text string)
}

// learn reads the policies of a deployed template.
func (g *guard) learn(ctx context.Context, client *cloudformation.Client, template object) error {
	exports, err := exported(ctx, client)
	if err != nil {
		return err
	}
	pseudo := strings.NewReplacer("${AWS::Partition}", "aws", "${AWS::Region}", g.at.Region, "${AWS::AccountId}",
		g.at.Account)
	policies, err := access.Functions(template, func(value any) (string, error) {
		if text, ok := value.(string); ok {
			return text, nil
		}
		filled, _ := value.(object)
		if sub, ok := filled["Fn::Sub"].(string); ok {
			return pseudo.Replace(sub), nil
		}
		if name, ok := filled["Fn::ImportValue"].(string); ok && exports[name] != "" {
			return exports[name], nil
		}
		if attribute, ok := filled["Fn::GetAtt"].([]any); ok {
			// no function uses this resource in a request
			return fmt.Sprint("something of this stack: ", attribute), nil
		}
		return "", fmt.Errorf("an unsupported value: %v", value)
	})
	maps.Copy(g.policies, policies)
	return err
}

// admits reports whether a request may be forwarded; if not, it has been answered.
func (g *guard) admits(w http.ResponseWriter, r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err := g.check(r, body); err != nil {
		g.denied(err.Error())
		w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		text, _ := json.Marshal(
			map[string]string{"__type": "AccessDeniedException", "message": err.Error()},
		) // a map of strings can always be marshaled
		_, _ = w.Write(text) // a caller that disconnected needs no response
		return false
	}
	return true
}

func (g *guard) check(r *http.Request, body []byte) error {
	name := r.Header.Get("X-Amz-Security-Token")
	if name == "" {
		name = r.URL.Query().Get("X-Amz-Security-Token")
	}
	var calls []access.Call
	var err error
	if kind, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		var key string
		name, key, err = formOf(body, parameters["boundary"])
		calls = []access.Call{
			{Action: "s3:PutObject", Resource: "arn:aws:s3:::" + strings.Trim(r.URL.Path, "/") + "/" + key},
		}
	} else {
		calls, err = access.Calls(r, body, g.at)
	}
	policy, known := g.policies[name]
	if err == nil && !known {
		err = fmt.Errorf("%q is not a function", name)
	}
	for _, call := range calls {
		if err == nil && !policy.Allows(call) {
			err = errors.New(access.Denial(name, call))
		}
	}
	return err
}

// formOf returns who signed an upload form for S3, and its key.
func formOf(body []byte, boundary string) (signer, key string, err error) {
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for signer == "" || key == "" {
		part, err := parts.NextPart()
		if err != nil {
			return "", "", fmt.Errorf("a form that nobody signed: %w", err)
		}
		value, err := io.ReadAll(io.LimitReader(part, 4096))
		if err != nil {
			return "", "", err
		}
		switch strings.ToLower(part.FormName()) {
		case "x-amz-security-token":
			signer = string(value)
		case "key":
			key = string(value)
		}
	}
	return signer, key, nil
}
