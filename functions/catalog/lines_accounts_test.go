package catalog_test

import "context"

// tokenOfOperator returns the path of the operator's API token.
func tokenOfOperator(i *installation) string {
	tokens, err := i.Accounts.Tokens(context.Background(), i.people["operator"])
	check(i.t, err)
	return "/self/apitokens/" + tokens[0].ID
}

// recentPlaces returns the path of the recent places, after everybody was somewhere.
func recentPlaces(i *installation) string {
	for _, person := range i.people {
		i.Accounts.Visited(context.Background(), person, i.org.Place())
	}
	return "/self/recent_places"
}

// accountLines returns the lines of the endpoints whose names begin with "accounts.".
func accountLines() map[string]line {
	return map[string]line{
		"accounts.setup": {
			path: fixed("/setup"),
			body: with(
				object{
					"token":      "t",
					"email":      "a@example.com",
					"password":   password,
					"first_name": "A",
					"last_name":  "B",
				},
			),
		},
		"accounts.login": {
			path: fixed("/login"),
			body: with(object{"email": "operator@example.com", "password": password}),
		},
		"accounts.logout":   {path: fixed("/logout")},
		"accounts.get_self": {path: fixed("/self"), allowed: everybody},
		"accounts.change_self": {
			path: fixed("/self"),
			body: with(object{"first_name": "Nina", "preferences": object{
				"time_zone":  "Europe/Berlin",
				"case_views": []object{{"name": "Mine", "parameters": object{"assignee": "me"}, "columns": []string{"status"}}},
			}}),
			allowed: everybody,
		},
		"accounts.list_self_logs":  {path: fixed("/self/logs"), allowed: everybody},
		"accounts.recover":         {path: fixed("/recover"), body: with(object{"email": "nobody@example.com"})},
		"accounts.finish_recovery": {path: fixed("/recover/verify/none"), body: with(object{"password": password})},
		"accounts.list_sessions":   {path: fixed("/self/sessions"), allowed: everybody},
		"accounts.delete_session":  {path: fixed("/self/sessions/" + unknownID)},
		"accounts.delete_sessions": {path: fixed("/self/sessions")},
		"accounts.step_up":         {path: fixed("/login/step_up"), body: with(object{"password": password})},
		"accounts.list_tokens":     {path: fixed("/self/apitokens"), allowed: everybody},
		"accounts.create_token":    {path: fixed("/self/apitokens"), body: with(object{"name": "mine"})},
		"accounts.delete_token":    {path: fixed("/self/apitokens/" + unknownID)},
		"accounts.get_token":       {path: tokenOfOperator, allowed: operators, hidden: others},
		"accounts.change_token": {
			path:    tokenOfOperator,
			body:    func(i *installation) object { return object{"name": unique(i)} },
			allowed: operators,
			hidden:  others,
		},
		"accounts.list_recent_places": {path: recentPlaces, allowed: everybody},
		"accounts.create_feedback":    {path: fixed("/self/feedback"), body: with(object{"page": "cases", "helpful": true}), allowed: everybody},
		"accounts.get_usage":          {path: fixed("/self/usage"), allowed: everybody},
		"accounts.get_login_failures": {path: fixed("/self/login_failures"), allowed: everybody},
		"accounts.get_login":          {path: fixed("/login/lookup"), body: with(object{"email": "operator@example.com"})},
		"accounts.accept_invite": {
			path: fixed("/invite/verify/none"),
			body: with(object{"password": password, "first_name": "A", "last_name": "B"}),
		},
	}
}
