"use strict";
// The site's only script: search, copying, and the choice of a language on the root page. No requests, no storage.
(() => {
  const { root, lang } = document.body.dataset;
  const SHOWN = 12; // results
  const LEAST = 0.5; // share of what the words of a question tell that an entry must have

  // ---- Search -------------------------------------------------------------------------------------------------

  const squeeze = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

  // Words of an alphabet, and pairs of Chinese characters: Chinese has no word breaks.
  const words = (text) => {
    const found = [];
    for (const run of text.normalize("NFKC").toLowerCase().match(/[\u3400-\u9fff]+|[\p{L}\p{N}]+/gu) || []) {
      if (!/[\u3400-\u9fff]/.test(run)) found.push(...run.match(/[^\u3400-\u9fff]+/g));
      else if (run.length === 1) found.push(run);
      else for (let at = 0; at + 1 < run.length; at += 1) found.push(run.slice(at, at + 2));
    }
    return found;
  };

  let index = null;

  const build = () => {
    const { providers, entries } = window.authbotKnowledge;
    const postings = new Map();
    const all = entries.map(([provider, id, en, zh, codes, messages], number) => {
      const [name, nameEn, nameZh, standard] = providers[provider];
      const text = [name, nameEn, nameZh, id, en, zh, codes, messages].join("\n");
      for (const word of new Set(words(text))) {
        if (!postings.has(word)) postings.set(word, []);
        postings.get(word).push(number);
      }
      return {
        path: `${root}${lang}/${name}/${id}.html`,
        provider: lang === "zh" ? nameZh : nameEn,
        title: lang === "zh" ? zh : en,
        titles: [squeeze(en), squeeze(zh)],
        codes: codes ? codes.split("\n") : [],
        messages: messages ? messages.split("\n") : [],
        flatCodes: codes ? codes.split("\n").map(squeeze) : [],
        flatMessages: messages.split("\n").map((message) => squeeze(message.replace(/\{[a-z][a-z0-9_]*\}/g, " "))),
        lead: standard * 0.5 - text.length / 1e5, // a code that many share is a standard's; short entries are about little else
      };
    });
    return { all, postings, sorted: [...postings.keys()].sort() };
  };

  const rarity = (numbers) => Math.log(1 + index.all.length / numbers.length);

  // The words that begin with what is still being typed.
  const begun = (start) => {
    let low = 0;
    let high = index.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (index.sorted[middle] < start) low = middle + 1;
      else high = middle;
    }
    const found = [];
    while (low < index.sorted.length && index.sorted[low].startsWith(start) && found.length < 200) {
      found.push(index.sorted[low]);
      low += 1;
    }
    return found;
  };

  const search = (question) => {
    const flat = squeeze(question);
    if (!flat) return [];
    const asked = [...new Set(words(question))].slice(0, 80);
    const scores = new Map();
    let total = 0;
    asked.forEach((word, at) => {
      const typing = at === asked.length - 1 && word.length > 1 && !/\s$/.test(question);
      const there = index.postings.get(word);
      const alike = there && !typing ? [word] : typing ? begun(word) : [];
      if (!alike.length) {
        total += Math.log(1 + index.all.length) * 0.5; // an unknown word is likely a value: it counts half
        return;
      }
      const best = new Map();
      for (const other of alike) {
        const numbers = index.postings.get(other);
        const worth = rarity(numbers) * (other === word ? 1 : 0.8);
        for (const number of numbers) if ((best.get(number) || 0) < worth) best.set(number, worth);
      }
      total += Math.max(...best.values());
      for (const [number, worth] of best) scores.set(number, (scores.get(number) || 0) + worth);
    });
    const found = [];
    index.all.forEach((entry, number) => {
      let score = (scores.get(number) || 0) / (total || 1);
      let whole = 0;
      if (entry.flatCodes.includes(flat)) whole = 3;
      else if (flat.length > 1 && entry.flatMessages.includes(flat)) whole = 2.6;
      else if (flat.length > 2 && entry.flatCodes.some((code) => code.startsWith(flat))) whole = 1.6;
      else if (flat.length > 1 && entry.flatMessages.some((message) => message.includes(flat))) whole = 1.4;
      else if (flat.length > 1 && entry.titles.some((title) => title.includes(flat))) whole = 1.2;
      // A pasted line may hold the code or the message among other words.
      else if (entry.flatCodes.some((code) => code.length > 7 && flat.includes(code))) whole = 0.8;
      else if (entry.flatMessages.some((message) => message.length > 11 && flat.includes(message))) whole = 0.9;
      if (!whole && score < LEAST) return;
      score += whole ? whole + entry.lead : Math.min(0, entry.lead);
      found.push({ entry, score });
    });
    return found.sort((one, other) => other.score - one.score || (one.entry.path < other.entry.path ? -1 : 1))
      .slice(0, SHOWN).map(({ entry }) => entry);
  };

  // The line of an entry that shows why it was found.
  const reason = (entry, question) => {
    const flat = squeeze(question);
    const code = entry.codes.find((one) => flat.includes(squeeze(one)) || squeeze(one).startsWith(flat));
    if (code) return code;
    const asked = new Set(words(question));
    let best = "";
    let most = 0;
    for (const message of entry.messages) {
      const shared = new Set(words(message).filter((word) => asked.has(word))).size;
      const score = shared + (squeeze(message).includes(flat) ? 100 : 0) - message.length / 1e4;
      if (score > most) [best, most] = [message, score];
    }
    return best || entry.codes[0] || entry.messages[0] || "";
  };

  // Marks the asked words; built of text nodes, so that nothing in a message can become markup.
  const marked = (line, question) => {
    const asked = [...new Set(words(question))].filter((word) => word.length > 1).slice(0, 20);
    const low = line.toLowerCase();
    const hits = new Array(line.length).fill(false);
    for (const word of asked) {
      for (let at = low.indexOf(word); at >= 0; at = low.indexOf(word, at + 1)) hits.fill(true, at, at + word.length);
    }
    const first = hits.indexOf(true);
    const start = first > 50 ? first - 20 : 0;
    const end = Math.min(line.length, start + 220);
    const element = document.createElement("span");
    if (start) element.append("…");
    for (let at = start, next = at; at < end; at = next) {
      while (next < end && hits[next] === hits[at]) next += 1;
      const piece = hits[at] ? document.createElement("mark") : document.createTextNode("");
      piece.textContent = line.slice(at, next);
      element.append(piece);
    }
    return element;
  };

  const form = document.querySelector(".search");
  if (form) {
    const input = form.querySelector("input");
    const list = form.querySelector("#results");
    const said = form.querySelector("#said");
    let chosen = -1;
    let loading = null;

    const load = () => {
      loading ||= new Promise((done) => {
        const script = document.createElement("script");
        script.src = `${root}assets/knowledge.js`;
        script.onload = () => {
          index = build();
          done();
        };
        document.head.append(script);
      });
      return loading;
    };

    const choose = (number) => {
      const options = list.querySelectorAll("a");
      if (!options.length) return;
      chosen = (number + options.length) % options.length;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
      options[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[chosen].id);
    };

    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const show = () => {
      const question = input.value.trim() && input.value;
      list.replaceChildren();
      chosen = -1;
      if (!question) {
        said.textContent = "";
        close();
        return;
      }
      const found = search(question);
      found.forEach((entry, at) => {
        const option = document.createElement("a");
        option.id = `result-${at}`;
        option.href = entry.path;
        option.tabIndex = -1;
        option.setAttribute("role", "option");
        const title = document.createElement("b");
        title.textContent = entry.title;
        const provider = document.createElement("small");
        provider.textContent = entry.provider;
        option.append(provider, title);
        const line = reason(entry, question);
        if (line) option.append(marked(line, question));
        option.addEventListener("mousemove", () => {
          if (chosen !== at) choose(at);
        });
        list.append(option);
      });
      if (!found.length) {
        const nothing = document.createElement("p");
        nothing.textContent = form.dataset.none;
        list.append(nothing);
      }
      said.textContent = found.length ? form.dataset.some.replace("{n}", found.length) : form.dataset.none;
      list.hidden = false;
      list.scrollTop = 0;
      input.setAttribute("aria-expanded", "true");
      choose(0);
    };

    const refresh = () => load().then(show);

    input.addEventListener("input", refresh);
    input.addEventListener("focus", () => {
      load();
      if (input.value) refresh();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return; // Enter and the arrows belong to the input method
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Escape") {
        if (list.hidden) input.value = "";
        close();
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      refresh().then(() => list.querySelector('a[aria-selected="true"]')?.click());
    });
    document.addEventListener("click", (event) => {
      if (!form.contains(event.target)) close();
    });
    form.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, [contenteditable]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.focus();
        input.select();
      }
    });

    const asked = new URLSearchParams(window.location.search).get("q");
    if (asked) {
      input.value = asked;
      input.focus();
      refresh();
    }
  }

  // ---- Copying ------------------------------------------------------------------------------------------------

  for (const button of document.querySelectorAll(".copy")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const code = button.closest(".snippet").querySelector("code");
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = button.dataset.done;
        setTimeout(() => {
          button.textContent = label;
        }, 2000);
      } catch {
        window.getSelection().selectAllChildren(code); // no right to the clipboard: one key press is left to do
      }
    });
  }

  // ---- The root page ------------------------------------------------------------------------------------------

  if (document.body.classList.contains("choose")) {
    const wanted = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
    window.location.replace(wanted.find((tag) => tag === "en" || tag === "zh") === "zh" ? "zh/index.html" : "en/index.html");
  }
})();
