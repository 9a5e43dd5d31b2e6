"use strict";
(() => {
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const languages = ["nl", "en"];
  const drawings = [...document.querySelectorAll(".drawing")];

  const spell = (value, language) => {
    if (typeof value === "string") {
      return value.replace(/⟦(\d+)⟧/g, (_, place) => texts[place][language]);
    }
    if (Array.isArray(value)) return value.map((each) => spell(each, language));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spell(each, language)]));
    }
    return value;
  };

  const draw = (drawing) => {
    const source = document.querySelector(`script[data-for="${drawing.dataset.chart}"]`);
    const language = languages.indexOf(document.documentElement.lang);
    const specification = spell(JSON.parse(source.textContent), language);
    specification.width = drawing.clientWidth || specification.width;
    drawing.dataset.width = drawing.clientWidth;
    // The chart that is there stays until the new one is ready, and for good where that fails.
    const place = document.createElement("div");
    return vegaEmbed(place, specification, { actions: false, renderer: "svg", ast: true })
      .then(() => {
        place.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
        drawing.replaceChildren(place);
      });
  };

  // One after the other with a breath between, so that the page stays usable meanwhile.
  let round = 0;
  const redraw = async (which) => {
    const mine = ++round;
    for (const drawing of which) {
      if (mine !== round) return;
      await draw(drawing);
      await new Promise((done) => setTimeout(done));
    }
    document.documentElement.dataset.drawn = document.documentElement.lang;
  };

  const speak = (language) => {
    document.documentElement.lang = language;
    document.documentElement.classList.add("scripted");
    redraw(drawings);
  };

  const wanted = document.getElementById(`choose-${new URLSearchParams(location.search).get("lang")}`);
  if (wanted) wanted.checked = true;
  document.querySelectorAll(".choice").forEach((choice) => {
    choice.addEventListener("change", () => speak(choice.value));
    if (choice.checked) speak(choice.value);
  });

  // On paper nobody can open a table.
  const opened = new Set();
  addEventListener("beforeprint", () => {
    document.querySelectorAll(".grid details:not([open])").forEach((each) => {
      each.open = true;
      opened.add(each);
    });
  });
  addEventListener("afterprint", () => {
    opened.forEach((each) => { each.open = false; });
    opened.clear();
  });

  let waiting;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => redraw(
      drawings.filter((each) => each.clientWidth !== Number(each.dataset.width)),
    ), 200);
  });
})();
