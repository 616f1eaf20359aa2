package catalog_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/invocation"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	queues "github.com/tenantry/tenantry/shared/store/queue/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/stream"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// named returns the function with a name.
func named(t testing.TB, name string) catalog.Function {
	t.Helper()
	functions, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	for _, function := range functions {
		if function.Name == name {
			return function
		}
	}
	t.Fatalf("there is no function %s", name)
	return catalog.Function{}
}

// invoke calls a function on the installation with its grants enforced.
func (i *installation) invoke(guard *grant.Guard, name string, event any) []byte {
	i.t.Helper()
	payload, err := json.Marshal(event)
	check(i.t, err)
	adapters := catalog.Guarded(guard, i.Adapters)
	if !named(i.t, name).Secret {
		adapters.Keyring = nil
	}
	answer, err := invocation.Handler(name, catalog.NewServices(adapters), invocation.Settings{CallsPerHour: 1 << 30}).
		Invoke(context.Background(), payload)
	check(i.t, err)
	return answer
}

// outbox returns the messages in the outbox.
func (i *installation) outbox() []table.Item {
	var items []table.Item
	for _, query := range change.Forgotten(time.Now().Add(time.Hour), 100) {
		page, err := i.Store.Query(context.Background(), query)
		check(i.t, err)
		items = append(items, page.Items...)
	}
	return items
}

// oldest returns when the oldest message of the outbox was written.
func (i *installation) oldest() time.Time {
	first := time.Now()
	for _, item := range i.outbox() {
		micros, _, _ := strings.Cut(item.Sort, "#")
		at, err := strconv.ParseInt(micros, 10, 64)
		check(i.t, err)
		if at > 1 && time.UnixMicro(at).Before(first) {
			first = time.UnixMicro(at)
		}
	}
	return first
}

// caused creates one message for each queue.
func (i *installation) caused() {
	check(i.t, i.Accounts.Recover(context.Background(), "operator@example.com", "192.0.2.1"))
	i.call("operator", "POST", quarantined("/replay")(i), "", nil)
	_, err := i.Lists.RebuildAll(context.Background(), i.people["operator"], i.org.ID, "")
	check(i.t, err)
	check(i.t, i.Journal.Commit(context.Background(), change.ByPlatform(), change.Record{
		Action: "cases.queue_due", Message: "Found cases with something due", Messages: []queue.Message{
			{Queue: queue.CasesDue, Group: "ORG#" + i.org.ID, Body: []byte(`{}`)},
			{Queue: queue.Transfers, Group: "ORG#" + i.org.ID, Body: []byte(`{}`)},
		},
	}))
}

func (i *installation) waiting() int64 {
	var waiting int64
	for _, name := range queue.Names() {
		depth, err := i.Queues.(*queues.Queues).Depth(context.Background(), name)
		check(i.t, err)
		waiting += int64(depth.Waiting)
	}
	return waiting
}

func exact(t *testing.T, guard *grant.Guard) {
	t.Helper()
	if unused := guard.Unused(); len(unused) > 0 {
		t.Errorf("the function is granted what it does not use: %v; declare less in functions/catalog/background.go, "+
			"or make this test use it", unused)
	}
}

func TestTheRelayMovesWhatTheFeedTellsOf(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	i.caused()
	var event events.DynamoDBEvent
	items := i.outbox()
	item, err := i.Store.Get(context.Background(),
		table.Key{Partition: "ORG#" + i.org.ID + "#CASE#" + i.kase.ID, Sort: "CASE"})
	check(t, err)
	for at, item := range append(items, item) {
		event.Records = append(event.Records,
			stream.Record(table.Change{Sequence: int64(at + 1), Key: item.Key, New: item}))
	}
	moved := int64(len(event.Records))
	unknown := table.Item{Key: unknownQueue(), Version: 1, Data: []byte(laterMessage)}
	event.Records = append(event.Records, stream.Record(table.Change{Sequence: moved + 1, Key: unknown.Key, New: unknown}))
	guard := grant.NewGuard(named(t, catalog.RelayName).Grants)
	i.invoke(guard, catalog.RelayName, event)
	if left := i.outbox(); len(left) > 0 || i.waiting() != moved {
		t.Errorf("%d of %d messages left, %d waiting", len(left), len(event.Records), i.waiting())
	}
	exact(t, guard)
}

// laterMessage is an item of the outbox as a later release may write one, under the key unknownQueue.
const laterMessage = `{"id":"m-9","queue":"devices","group":"ORG#1","body":{}}`

func unknownQueue() table.Key {
	return table.Key{Partition: "OUTBOX#9", Sort: change.AuditSort(1, "m-9")}
}

func TestTheSweepMovesWhatTheRelayDidNotGetTo(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	i.caused()
	guard := grant.NewGuard(named(t, catalog.SweepName).Grants)
	before := len(i.outbox())
	i.Now = func() time.Time { return i.oldest().Add(time.Minute) } // the tests may have taken longer
	if answer := i.invoke(guard, catalog.SweepName, struct{}{}); string(answer) != `{"messages":0}` ||
		len(i.outbox()) != before {
		t.Errorf("recent messages were moved: %s", answer)
	}
	check(t, i.Store.Transact(t.Context(), []table.Write{
		table.Create(table.Item{Key: unknownQueue(), Data: []byte(laterMessage)}),
	}))
	i.Now = func() time.Time { return time.Now().Add(6 * time.Minute) }
	i.invoke(guard, catalog.SweepName, struct{}{})
	if left := i.outbox(); len(left) > 0 || i.waiting() != int64(before) {
		t.Errorf("%d of %d messages left, %d waiting", len(left), before, i.waiting())
	}
	exact(t, guard)
}

func TestADeadLetterOfAQueueIsKeptForTheOperator(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	guard := grant.NewGuard(named(t, catalog.ParkName).Grants)
	i.invoke(guard, catalog.ParkName, json.RawMessage(readEvent(t, catalog.ParkName)))
	page, err := i.DeadLetters.List(context.Background(), i.people["operator"], 10, "")
	if err != nil || len(page.Letters) != 1 || page.Letters[0].Queue != queue.MailSend ||
		!strings.Contains(page.Letters[0].Reason, "no worker was able") {
		t.Errorf("%+v, %v", page, err)
	}
	exact(t, guard)
}

func TestTheWakingForgetsMailsThatWereKeptOutLongAgo(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	guard := grant.NewGuard(named(t, catalog.WakeName).Grants)
	id := strings.TrimPrefix(quarantined("")(i), "/platform/quarantine/")
	if answer := i.invoke(guard, catalog.WakeName, struct{}{}); string(answer) != `{"cases":0,"mails":0,"orgs":0}` {
		t.Errorf("a recent mail: %s", answer)
	}
	i.Now = func() time.Time { return time.Now().Add(91 * 24 * time.Hour) }
	// The first consents of two organizations have ended by then.
	if answer := i.invoke(guard, catalog.WakeName, struct{}{}); !strings.HasSuffix(string(answer), `"mails":1,"orgs":2}`) {
		t.Errorf("a mail of 91 days ago: %s", answer)
	}
	if content, err := i.Files.Open(context.Background(), "mail/"+id); err == nil {
		check(t, content.Close())
		t.Error("its content is still there")
	}
}

func TestTheArchivingWritesEachFinishedDayOnce(t *testing.T) {
	t.Parallel()
	first := time.Now().UTC().Truncate(24 * time.Hour)
	i := newInstallation(t, nil)
	guard := grant.NewGuard(named(t, catalog.ArchiveName).Grants)
	if answer := i.invoke(guard, catalog.ArchiveName, struct{}{}); string(answer) != `{"days":0}` {
		t.Errorf("on the first day: %s", answer)
	}
	i.Now = func() time.Time { return first.Add(36 * time.Hour) } // noon, also if midnight has passed since
	for _, want := range []string{`{"days":1}`, `{"days":0}`} {
		if answer := i.invoke(guard, catalog.ArchiveName, struct{}{}); string(answer) != want {
			t.Errorf("on the second day: %s, want %s", answer, want)
		}
	}
	exact(t, guard)
}

func TestTheSetupTokenIsGivenUntilThereIsAnOperator(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	guard := grant.NewGuard(named(t, catalog.SetupTokenName).Grants)
	if answer := i.invoke(guard, catalog.SetupTokenName, struct{}{}); strings.Contains(string(answer), "setup_token") {
		t.Errorf("with an operator: %s", answer)
	}
	i.forget(table.Key{Partition: "PLATFORM", Sort: "SETUP"})
	var reply struct {
		Token string `json:"setup_token"`
		URL   string `json:"setup_url"`
	}
	check(t, json.Unmarshal(i.invoke(guard, catalog.SetupTokenName, struct{}{}), &reply))
	_, err := i.Accounts.Setup(context.Background(), reply.Token, "first@example.com", password, "A", "B", "192.0.2.1")
	if err != nil || reply.URL != "http://portal.example.com/api/v1/setup" {
		t.Errorf("%+v, %v", reply, err)
	}
	exact(t, guard)
}

// TestTheFunctionOfTheAPICarriesNothingOut calls the API's own function with the paths of all
// endpoints.
func TestTheFunctionOfTheAPICarriesNothingOut(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	guard := grant.NewGuard(named(t, catalog.APIName).Grants)
	call := func(method, path string) events.APIGatewayV2HTTPResponse {
		var event events.APIGatewayV2HTTPRequest
		event.RawPath, event.RequestContext.HTTP.Method = path, method
		event.Headers = map[string]string{"authorization": "Token " + i.tokens["operator"]}
		var response events.APIGatewayV2HTTPResponse
		check(t, json.Unmarshal(i.invoke(guard, catalog.APIName, event), &response))
		return response
	}
	for _, e := range i.endpoints {
		path := "/api/v1" + lineOf(t, e.Name).path(i)
		if got := call(e.Method, path); got.StatusCode != 404 || !strings.Contains(got.Body, `"detail"`) {
			t.Errorf("%s %s: %d %s", e.Method, path, got.StatusCode, got.Body)
		}
		path, _, _ = strings.Cut(path, "?")
		if got := call("PATCH", path); got.StatusCode != 405 || !strings.Contains(got.Headers["allow"], e.Method) {
			t.Errorf("PATCH %s: %d %s", path, got.StatusCode, got.Headers["allow"])
		}
	}
	for path, want := range map[string]int{"/api/v1/openapi.json": 200, "/docs": 200, "/healthz": 200,
		"/api/v1/none": 404, "/api/": 404} {
		if got := call("GET", path); got.StatusCode != want {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	exact(t, guard)
}

// TestAllGranularitiesServeTheSame compares the functions of each granularity with those by
// endpoint. In each, the pages have routes of their own.
func TestAllGranularitiesServeTheSame(t *testing.T) {
	t.Parallel()
	routes, grants := map[catalog.Granularity]map[catalog.Route]bool{}, map[catalog.Granularity]grant.Grants{}
	for _, granularity := range catalog.Granularities() {
		functions, err := catalog.Functions(granularity)
		check(t, err)
		routes[granularity] = map[catalog.Route]bool{}
		for _, function := range functions {
			items, err := invocation.Find(function.Name)
			check(t, err)
			if items.Secret != function.Secret {
				t.Errorf("%s: %+v", function.Name, items)
			}
			grants[granularity] = grant.Union(grants[granularity], function.Grants)
			for _, route := range function.Routes {
				if route.Owner == catalog.PortalName {
					continue
				}
				if routes[granularity][route] {
					t.Errorf("%v is served twice", route)
				}
				routes[granularity][route] = true
			}
		}
	}
	for _, other := range catalog.Granularities() {
		if !maps.Equal(routes[other], routes[catalog.ByEndpoint]) ||
			!slices.Equal(grants[other], grants[catalog.ByEndpoint]) {
			t.Errorf("by %s, functions serve %d routes; by endpoint, they serve %d",
				other, len(routes[other]), len(routes[catalog.ByEndpoint]))
		}
	}
	if _, err := catalog.Functions("region"); err == nil {
		t.Error("an unknown granularity is accepted")
	}
	if _, err := invocation.Find("cases.none"); err == nil {
		t.Error("an unknown function was found")
	}
}

// TestEndpointsThatShareAFunctionByRightsHaveExactlyItsRights compares the grants, memory and
// timeout of each endpoint with those of the function that serves it.
func TestEndpointsThatShareAFunctionByRightsHaveExactlyItsRights(t *testing.T) {
	t.Parallel()
	alone, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	own := map[string]catalog.Function{}
	for _, function := range alone {
		own[function.Name] = function
	}
	functions, err := catalog.Functions(catalog.ByRights)
	check(t, err)
	if len(functions) >= len(alone) {
		t.Errorf("%d functions by rights, %d by endpoint", len(functions), len(alone))
	}
	names := map[string]bool{}
	for _, function := range functions {
		if names[function.Name] {
			t.Errorf("two functions are named %s", function.Name)
		}
		names[function.Name] = true
		for _, route := range function.Routes {
			one, isEndpoint := own[route.Owner]
			if !isEndpoint || route.Owner == catalog.APIName {
				continue
			}
			if !slices.Equal(one.Grants, function.Grants) || one.Memory != function.Memory ||
				one.Timeout != function.Timeout ||
				one.Domain() != function.Domain() {
				t.Errorf("%s serves %s, which has other rights", function.Name, one.Name)
			}
		}
	}
}

// TestASharedFunctionServesItsEndpoints calls endpoints through functions that serve several.
func TestASharedFunctionServesItsEndpoints(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	for _, granularity := range []catalog.Granularity{catalog.ByRights, catalog.ByDomain} {
		functions, err := catalog.Functions(granularity)
		check(t, err)
		for _, function := range functions {
			for _, route := range function.Routes {
				if route.Owner != "cases.list" && route.Owner != "cases.get_comment" {
					continue
				}
				handler := invocation.Handler(function.Name, i.Services, invocation.Settings{CallsPerHour: 1 << 30})
				event, want := i.event(named(t, route.Owner))
				answer, err := handler.Invoke(context.Background(), event)
				check(t, err)
				wants(t, named(t, route.Owner), answer, want)
			}
		}
	}
}

// TestEventsOfAnotherShapeAreRefused passes each function an event of another kind: it must fail,
// so that nothing counts as done.
func TestEventsOfAnotherShapeAreRefused(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	functions, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	call, delivery := readEvent(t, "cases.create"), readEvent(t, "mail.send")
	for _, function := range functions {
		handler := invocation.Handler(function.Name, i.Services, invocation.Settings{CallsPerHour: 1 << 30})
		wrong := [][]byte{[]byte(`[]`), []byte(`"text"`), []byte(`{`), nil}
		switch {
		case function.Queue != "" || function.DeadLetters:
			wrong = append(wrong, call, readEvent(t, catalog.RelayName), []byte(`{}`))
		case function.Feed:
			wrong = append(wrong, call, delivery, []byte(`{}`))
		case len(function.Routes) > 0:
			wrong = append(wrong, delivery, []byte(`{}`))
		default:
			wrong = nil // the events of schedules and commands are not read
		}
		for _, event := range wrong {
			if answer, err := handler.Invoke(context.Background(), event); err == nil {
				t.Errorf("%s accepted %.60s and responded with %.100s", function.Name, event, answer)
			}
		}
	}
}

// TestTheWorkerOfJobsMayDoWhatTheJobsOfOrganizationsNeed labels organizations with the grants of the
// worker's function.
func TestTheWorkerOfJobsMayDoWhatTheJobsOfOrganizationsNeed(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	label := newLabel(i)
	id := label[strings.LastIndex(label, "/")+1:]
	for _, request := range []tenant.Relabeling{{Add: []string{id}}, {Remove: []string{id}}} {
		created, err := i.OrgJobs.Create(t.Context(), i.people["operator"], i.msp.ID,
			bulk.Request{Action: bulk.Label, OrgIDs: []string{i.org.ID}, Labels: request})
		check(t, err)
		var event events.SQSEvent
		for _, item := range i.outbox() {
			var message struct{ Queue string }
			check(t, json.Unmarshal(item.Data, &message))
			if message.Queue == queue.Transfers {
				event.Records = append(event.Records, events.SQSMessage{MessageId: item.Sort, Body: string(item.Data)})
			}
		}
		guard := grant.NewGuard(named(t, "orgs.work").Grants)
		if answer := i.invoke(guard, "orgs.work", event); strings.Contains(string(answer), "itemIdentifier") {
			t.Errorf("the worker failed: %s", answer)
		}
		done, _, err := i.Jobs.Get(t.Context(), i.people["operator"], job.Scope{MSPID: i.msp.ID}, created.ID, "", "", 10)
		if err != nil || done.Done != 1 {
			t.Errorf("%+v, %v", done, err)
		}
	}
}
