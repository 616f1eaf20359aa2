//go:build clients && !aws

package outside

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// tool returns a program of one of the Python environments that make installs below .tools.
func tool(t *testing.T, environment, name string) string {
	t.Helper()
	tools := os.Getenv("TENANTRY_TOOLS")
	if tools == "" {
		t.Fatal("TENANTRY_TOOLS is not set: run make test-clients, which installs the clients")
	}
	return filepath.Join(tools, environment, "bin", name)
}

// ofClients returns the path of a file in the folder of the clients.
func ofClients(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("clients", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs a program in an empty folder, with further environment variables, and returns what it
// writes.
func run(t *testing.T, environment []string, name string, arguments ...string) string {
	t.Helper()
	var output, problems bytes.Buffer
	command := exec.Command(name, arguments...)
	command.Dir = t.TempDir()
	command.Env = append(os.Environ(), environment...)
	command.Stdout, command.Stderr = &output, &problems
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v\n%s\n%s", filepath.Base(name), err, output.String(), problems.String())
	}
	return output.String()
}

// lastLine returns the last line of an output.
func lastLine(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return lines[len(lines)-1]
}

// notMade are calls that the client knows, and that its scripts cannot make here as they are.
func notMade() map[string]string {
	return map[string]string{
		"POST /api/v1/recover/verify/{}": "the new password is set by the call itself",
		"POST /api/v1/msps/{}/logo":      "it names a picture at a public address, of which a test has none",
	}
}

// TestAnUnmodifiedClientOfAnotherPortalWorks uses Tenantry through mistapi, the Python client of the
// portal whose API ours follows, in every call that both have, and checks each answer against the models
// of that portal's SDK.
func TestAnUnmodifiedClientOfAnotherPortalWorks(t *testing.T) {
	post := openPostOffice(t)
	p := (*program)(nil)
	f := openFront(t, func() string { return p.url })
	p = start(t, post.setting(), "TENANTRY_BASE_URL=https://"+mistHost, "TENANTRY_TRUSTED_PROXIES=127.0.0.1")
	w := setUp(t, post, &p.installation)
	const adminEmail, leaverEmail = "ada@adria.example.com", "leon@adria.example.com"
	w.invited("/msps/"+w.mspID, adminEmail, "admin", "Ada", "Admin")
	w.invited("/msps/"+w.mspID, leaverEmail, "read", "Leon", "Leaver")
	leaver := newClient(t, w.installation)
	leaver.post("/login", object{"email": leaverEmail, "password": password})
	leaver.post("/invite/verify/"+w.invitation("/orgs/"+w.orgID, leaverEmail, "read"), nil)
	second := text(w.operator.post("/msps/"+w.mspID+"/orgs", object{"name": "Rialto Bakeries"}).object(t), "id")
	output := run(t, []string{
		"PROXY=" + f.proxy, "REQUESTS_CA_BUNDLE=" + f.roots, "PASSWORD=" + password, "MSP_ID=" + w.mspID,
		"ORG_ID=" + w.orgID, "OPERATOR_EMAIL=" + operatorEmail, "ADMIN_EMAIL=" + adminEmail,
		"CUSTOMER_EMAIL=" + customerEmail, "LEAVER_EMAIL=" + leaverEmail,
		"INVITE_TOKEN=" + w.invitation("/orgs/"+second, customerEmail, "read"), "HOME=" + t.TempDir(),
	}, tool(t, "mistapi", "python"), ofClients(t, "mist.py"))
	calls := f.recorded()
	t.Run("every call", func(t *testing.T) { everyCallWasMade(t, p.url, lastLine(output), calls) })
	t.Run("headers and errors", func(t *testing.T) { haveHeaders(t, calls) })
	t.Run("models", func(t *testing.T) { fitModels(t, calls) })
}

// everyCallWasMade compares the calls that the client knows and Tenantry has with those that were made.
func everyCallWasMade(t *testing.T, url, known string, calls []recordedCall) {
	var all [][2]string
	if err := json.Unmarshal([]byte(known), &all); err != nil {
		t.Fatalf("%v: %s", err, known)
	}
	document := newClient(t, &installation{url: url}).get("/openapi.json").object(t)
	variable := regexp.MustCompile(`\{[^}]*\}`)
	has := map[string]bool{}
	for path, operations := range document["paths"].(object) {
		for method := range operations.(object) {
			has[strings.ToUpper(method)+" "+variable.ReplaceAllString(path, "{}")] = true
		}
	}
	made := map[string]bool{}
	id := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|/verify/[^/]+$`)
	for _, call := range calls {
		path := id.ReplaceAllStringFunc(call.Path, func(part string) string {
			if strings.HasPrefix(part, "/verify/") {
				return "/verify/{}"
			}
			return "{}"
		})
		if call.Status == 200 {
			made[call.Method+" "+path] = true
		}
	}
	stand := 0
	for _, call := range all {
		name := call[0] + " " + call[1]
		if !has[name] {
			continue
		}
		stand++
		if reason := notMade()[name]; reason == "" && !made[name] {
			t.Errorf("%s was not made with success", name)
		}
	}
	t.Logf("the client knows %d calls, of which %d stand", len(all), stand)
	if stand < 40 {
		t.Errorf("only %d calls of the client stand", stand)
	}
}

// haveHeaders checks the headers of lists and the form of errors.
func haveHeaders(t *testing.T, calls []recordedCall) {
	for _, call := range calls {
		name := call.Method + " " + call.Path
		if call.Status != 200 {
			var problem object
			if err := json.Unmarshal(call.Answer, &problem); err != nil || text(problem, "detail") == "" {
				t.Errorf("%s: status %d without a detail: %s", name, call.Status, call.Answer)
			}
			continue
		}
		if call.Method != "GET" || !bytes.HasPrefix(call.Answer, []byte("[")) {
			continue
		}
		for _, header := range []string{"X-Page-Limit", "X-Page-Page", "X-Page-Total"} {
			if _, err := strconv.Atoi(call.header.Get(header)); err != nil {
				t.Errorf("%s: the header %s is %q", name, header, call.header.Get(header))
			}
		}
	}
}

// fitModels checks every successful answer against the models of the SDK.
func fitModels(t *testing.T, calls []recordedCall) {
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, call := range calls {
		if call.Status != 200 || len(call.Answer) == 0 {
			continue
		}
		if err := encoder.Encode(call); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "calls")
	if err := os.WriteFile(file, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	output := run(t, nil, tool(t, "mist-sdk", "python"), ofClients(t, "sdk_keys.py"), file)
	checked, err := strconv.Atoi(lastLine(output))
	if err != nil || checked < 50 {
		t.Errorf("only %s answers were checked", output)
	}
	t.Logf("%d answers fit the models of the SDK", checked)
}

// TestAFuzzingClientFindsNothing has schemathesis make up calls from the API's document, valid and not, and
// compare the answers with it.
func TestAFuzzingClientFindsNothing(t *testing.T) {
	w := newWorld(t)
	// One person with all that the API has: an operator who is an administrator of the MSP, too.
	const adminEmail = "ada@adria.example.com"
	ada := w.invited("/msps/"+w.mspID, adminEmail, "admin", "Ada", "Admin")
	ada.post("/invite/verify/"+w.invitation("/platform", adminEmail, "operator"), nil)
	key := text(ada.post("/self/apitokens", object{"name": "schemathesis"}).object(t), "key")
	caseID := text(w.customer.post("/orgs/"+w.orgID+"/cases",
		object{"subject": "No Wi-Fi", "description": "Since this morning."}).object(t), "id")
	output := run(t, []string{"HOME=" + t.TempDir(), "MSP_ID=" + w.mspID, "ORG_ID=" + w.orgID, "CASE_ID=" + caseID,
		"ADMIN_ID=" + text(w.helpdesk.get("/self").object(t), "admin_id"),
		"TOKEN_ID=" + text(ada.post("/self/apitokens", object{"name": "spare"}).object(t), "id")},
		tool(t, "schemathesis", "schemathesis"),
		"--config-file", ofClients(t, "schemathesis.toml"),
		"run", w.url+"/api/v1/openapi.json", "--header", "Authorization: Token "+key)
	t.Log(output[max(0, len(output)-2000):])
}
