package catalog_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/bastion/signature"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// bastionLines returns the lines of the endpoints whose names begin with "bastion.".
func bastionLines() map[string]line {
	return map[string]line{
		"bastion.get": {path: fixed("/platform/bastion"), allowed: operators},
		"bastion.change": {path: fixed("/platform/bastion"), body: func(i *installation) object {
			asProduction(i)
			return object{"peer_url": "https://" + unique(i) + ".example.com"}
		}, allowed: operators},
		"bastion.list_orgs":   {path: stagedOrg("", tenant.Staged), allowed: operators},
		"bastion.get_org":     {path: stagedOrg("{}", tenant.Staged), allowed: operators},
		"bastion.stage":       {path: stagedOrg("{}", tenant.Unstaged), allowed: operators},
		"bastion.unstage":     {path: stagedOrg("{}", tenant.Staged), allowed: operators},
		"bastion.receive_org": {path: peerOrg},
		"bastion.remove_org":  {path: peerOrg},
	}
}

// peerOrg is what production calls of an organization. The installation of the walk is no bastion.
func peerOrg(i *installation) string {
	asProduction(i)
	return "/peer/orgs/" + i.org.ID
}

// peer is the key of the other installation.
func peer() (private ed25519.PrivateKey, public string) {
	private = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	return private, base64.RawURLEncoding.EncodeToString(private.Public().(ed25519.PublicKey))
}

// asProduction and asBastion make the installation one of the two, whatever it was.
func asProduction(i *installation) bastion.Setting {
	_, public := peer()
	return asSide(i, bastion.Setting{
		Enabled: true, Side: bastion.Production, PeerURL: "https://bastion.example.com", PeerKey: public,
	})
}

func asBastion(i *installation) bastion.Setting {
	_, public := peer()
	return asSide(i, bastion.Setting{Enabled: true, Side: bastion.BastionSide, PeerKey: public})
}

func asSide(i *installation, setting bastion.Setting) bastion.Setting {
	ctx := context.Background()
	key := table.Key{Partition: "PLATFORM", Sort: "BASTION"}
	item, err := i.Store.Get(ctx, key)
	if errors.Is(err, table.ErrAbsent) { // the first change makes the key
		_, err = i.Bastion.ChangeSetting(ctx, i.people["operator"], bastion.Change{Side: new(bastion.Production)})
		check(i.t, err)
		item, err = i.Store.Get(ctx, key)
	}
	check(i.t, err)
	item.Data, err = json.Marshal(setting)
	check(i.t, err)
	check(i.t, i.Store.Transact(ctx, []table.Write{table.Update(item)}))
	setting, err = i.Bastion.Setting(ctx, i.people["operator"])
	check(i.t, err)
	return setting
}

// stagedOrg returns a path of production with a new organization in a state; "{}" stands for its ID.
func stagedOrg(end string, state tenant.BastionState) func(*installation) string {
	return func(i *installation) string {
		ctx := context.Background()
		asProduction(i)
		org, err := i.Tenants.NewOrg(ctx, i.people["operator"], "", tenant.OrgChange{Name: new("Org " + unique(i))})
		check(i.t, err)
		org.Bastion = state
		write, err := org.Write()
		check(i.t, err)
		sort := map[tenant.BastionState]string{tenant.Staged: "ORG#", tenant.Unstaged: "UNSTAGED#"}[state]
		data, err := json.Marshal(bastion.Status{OrgID: org.ID, State: state, Since: i.Now().Unix(), SHA256: "0"})
		check(i.t, err)
		check(i.t, i.Store.Transact(ctx, []table.Write{write, table.Create(table.Item{
			Key: table.Key{Partition: "PLATFORM#BASTION", Sort: sort + org.ID}, Data: data,
		})}))
		if end != "" {
			end = "/" + org.ID
		}
		return "/platform/bastion/orgs" + end
	}
}

// renamedAtBastion is a staged organization whose other name the bastion has not confirmed.
func renamedAtBastion(i *installation) string {
	ctx := context.Background()
	path := stagedOrg("{}", tenant.Staged)(i)
	id := path[strings.LastIndex(path, "/")+1:]
	key := table.Key{Partition: "PLATFORM#BASTION", Sort: "ORG#" + id}
	item, err := i.Store.Get(ctx, key)
	check(i.t, err)
	item.Data, err = json.Marshal(bastion.Status{OrgID: id, State: tenant.Staged, Since: 1, Due: 1, SHA256: "0"})
	check(i.t, err)
	check(i.t, i.Store.Transact(ctx, []table.Write{table.Update(item), table.Create(table.Item{
		Key: table.Key{Partition: "PLATFORM#BASTIONDUE", Sort: "000000000001#" + id}, Data: []byte("{}"),
	})}))
	return path
}

// unstageAll forgets that organizations are staged.
func (i *installation) unstageAll() {
	ctx := context.Background()
	page, err := i.Store.Query(ctx, table.WithPrefix(table.Core, "PLATFORM#BASTION", "ORG#"))
	check(i.t, err)
	for _, item := range page.Items {
		check(i.t, i.Store.Transact(ctx, []table.Write{table.Delete(item.Key, item.Version)}))
	}
}

// fromPeer returns a request that production has signed for the installation as its bastion.
func (i *installation) fromPeer(method, orgID string, number int64, body []byte) *http.Request {
	setting := asBastion(i)
	private, public := peer()
	path := endpoint.Prefix + "/peer/orgs/" + orgID
	request := httptest.NewRequest(method, path, bytes.NewReader(body))
	request.RemoteAddr = "192.0.2.1:1234"
	header := request.Header
	if body != nil {
		header.Set("Content-Type", "application/json")
	}
	header.Set("Content-Digest", signature.Digest(body))
	header.Set("Peer-Request", i.Journal.NewID())
	header.Set("Peer-Number", strconv.FormatInt(number, 10))
	header.Set("Peer-To", setting.Key)
	parts := []signature.Part{{Name: "@method", Value: method}, {Name: "@path", Value: path}}
	for _, name := range []string{"content-digest", "peer-request", "peer-number", "peer-to"} {
		parts = append(parts, signature.Part{Name: name, Value: header.Get(name)})
	}
	signed := signature.Sign(private, signature.Key{ID: public, Tag: "tenantry-peer"}, i.Now(), parts)
	header.Set("Signature-Input", signed.Input)
	header.Set("Signature", signed.Signature)
	return request
}

// peerNumber is a number that was not used before.
func peerNumber(*installation) int64 { return time.Now().UnixNano() }

func peerBody(i *installation) []byte {
	return []byte(`{"id":"` + i.org.ID + `","name":"` + i.org.Name + `"}`)
}

// TestTheBastionAnswersItsPeerAlone calls the bastion's endpoints over HTTP.
func TestTheBastionAnswersItsPeerAlone(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	serve := func(request *http.Request) *httptest.ResponseRecorder {
		got := httptest.NewRecorder()
		i.handler.ServeHTTP(got, request)
		return got
	}
	first := peerNumber(i)
	put := func(number int64) *http.Request { return i.fromPeer("PUT", i.org.ID, number, peerBody(i)) }
	got := serve(put(first))
	var receipt bastion.Receipt
	check(t, json.Unmarshal(got.Body.Bytes(), &receipt))
	if got.Code != 200 || got.Header().Get("Content-Type") != "application/json" || receipt.State != tenant.Staged ||
		receipt.Number != first || got.Header().Get("Content-Digest") != signature.Digest(got.Body.Bytes()) {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	changed := put(first + 1)
	changed.Body = http.NoBody
	changed.ContentLength = 0
	unsigned := put(first + 2)
	unsigned.Header.Del("Signature")
	large := i.fromPeer("PUT", i.org.ID, first+3, bytes.Repeat([]byte(" "), 5000))
	more := i.fromPeer("PUT", i.org.ID, first+4, []byte(`{"id":"`+i.org.ID+`","name":"x","email":"a@example.com"}`))
	nameless := i.fromPeer("PUT", i.org.ID, first+5, []byte(`{"id":"`+i.org.ID+`","name":""}`))
	for name, one := range map[string]struct {
		request *http.Request
		want    int
	}{
		"another body": {changed, 403}, "no signature": {unsigned, 403}, "a large body": {large, 413},
		"more fields": {more, 400}, "no name": {nameless, 400}, "a lower number": {put(first - 1), 409},
		"the same number, another request": {put(first), 409},
	} {
		if got := serve(one.request); got.Code != one.want {
			t.Errorf("%s: %d, want %d: %s", name, got.Code, one.want, got.Body)
		}
	}
	if got := serve(i.fromPeer("DELETE", i.org.ID, first+6, nil)); got.Code != 200 {
		t.Errorf("a deletion: %d %s", got.Code, got.Body)
	}
	off := put(first + 7)
	asProduction(i)
	if got := serve(off); got.Code != 404 {
		t.Errorf("at production: %d %s", got.Code, got.Body)
	}
	if got := i.call("operator", "PUT", "/peer/orgs/"+i.org.ID, "application/json", bytes.NewReader(peerBody(i))); got.Code != 404 {
		t.Errorf("an operator, at production: %d %s", got.Code, got.Body)
	}
}
