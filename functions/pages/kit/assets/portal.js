// What the pages do with a script beyond what htmx does. Everything works without it.
"use strict";
(() => {
	const all = (selector, root = document) => [...root.querySelectorAll(selector)];

	// Ticking all rows of a table, and what is ticked in words.
	function selection(form) {
		const rows = all("input[name=id]", form), head = form.querySelector("[data-all]");
		const count = rows.filter((row) => row.checked).length;
		if (head) {
			head.checked = count > 0 && count === rows.length;
			head.indeterminate = count > 0 && count < rows.length;
		}
		all("[data-count]", form).forEach((place) => { place.textContent = count; });
	}
	document.addEventListener("change", (event) => {
		const form = event.target.closest("form[data-selection]");
		if (!form) return;
		if (event.target.matches("[data-all]")) {
			all("input[name=id]", form).forEach((row) => { row.checked = event.target.checked; });
		}
		selection(form);
	});

	// A form is sent once, and what differs is not left without a question.
	let leaving = false;
	const changed = (form) => all("input:not([type=hidden]), textarea, select", form).some((field) =>
		field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked :
		field.type === "file" ? field.files.length > 0 :
		field.tagName === "SELECT" ? all("option", field).some((option) => option.selected !== option.defaultSelected &&
			(option.defaultSelected || field.selectedIndex > 0)) :
		field.value !== field.defaultValue);
	document.addEventListener("submit", (event) => {
		const form = event.target;
		if (form.method !== "post" || form.hasAttribute("data-hx-post") || form.hasAttribute("data-again")) return;
		const over = all("input[data-most]", form).find((field) =>
			[...field.files].reduce((sum, file) => sum + file.size, 0) > Number(field.dataset.most));
		all("[data-most]", form).forEach((field) => { document.getElementById(field.dataset.over).hidden = field !== over; });
		if (over) {
			event.preventDefault();
			document.getElementById(over.dataset.over).focus();
			return;
		}
		if (form.dataset.sent) { event.preventDefault(); return; }
		form.dataset.sent = "1";
		leaving = true;
		if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
	});
	addEventListener("pageshow", (event) => {
		leaving = false;
		if (event.persisted) all("form[data-sent]").forEach((form) => {
			delete form.dataset.sent;
			all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
		});
	});
	addEventListener("beforeunload", (event) => {
		if (!leaving && all("form[data-guard]").some(changed)) event.preventDefault();
	});

	// Copying what is shown once.
	document.addEventListener("click", async (event) => {
		const button = event.target.closest("[data-copy]");
		if (!button) return;
		const told = document.getElementById(button.dataset.told);
		try {
			await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
			if (told) told.textContent = button.dataset.done;
		} catch { getSelection().selectAllChildren(document.getElementById(button.dataset.copy)); }
	});

	// Keys: "/" searches, "?" opens the guide, Ctrl and Enter send a text, j and k move in a list.
	const typing = (element) => element.closest("input, textarea, select, [contenteditable]");
	document.addEventListener("keydown", (event) => {
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
			event.preventDefault();
			event.target.form.requestSubmit();
			return;
		}
		if (!document.documentElement.dataset.keys || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
		if (event.key === "/") {
			const field = document.querySelector("main input[type=search]") || document.querySelector("header input[type=search]");
			if (field) { event.preventDefault(); field.focus(); }
		} else if (event.key === "?") {
			document.querySelector("[data-help]")?.click();
		} else if (event.key === "j" || event.key === "k") {
			const rows = all("[data-queue] th a"), now = rows.indexOf(document.activeElement);
			rows[Math.max(0, Math.min(rows.length - 1, now + (event.key === "j" ? 1 : -1)))]?.focus();
		}
	});

	// The server does not know the browser's zone: offer it where the person chooses one.
	const zone = document.querySelector("[data-zone]");
	if (zone) {
		const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
		if (here && here !== zone.value) {
			const offer = document.getElementById(zone.dataset.zone);
			offer.hidden = false;
			offer.querySelector("[data-here]").textContent = here;
			offer.querySelector("button").addEventListener("click", () => { zone.value = here; offer.hidden = true; });
		}
	}
	all("form[data-selection]").forEach(selection);
})();
