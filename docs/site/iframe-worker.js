// Ouvert depuis un dossier (file://), un navigateur refuse les « workers » : celui de la recherche
// tourne alors dans un cadre caché, et le site cherche sans serveur.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.srcdoc = "<!doctype html><html lang='fr'><title>Recherche</title></html>";
      this.frame.addEventListener("load", () => this.start(url), { once: true });
      document.documentElement.append(this.frame);
    }

    start(url) {
      this.inner = this.frame.contentWindow;
      this.inner.postMessage = (data) => this.tell(data);
      const script = this.inner.document.createElement("script");
      script.src = new URL(url, location.href);
      script.addEventListener("load", () => {
        const waiting = this.waiting;
        this.waiting = null;
        waiting.forEach((data) => this.postMessage(data));
      });
      this.inner.document.head.append(script);
    }

    // Un message n'arrive qu'après ce qui est en train de se faire, comme d'un vrai « worker ».
    tell(data) {
      setTimeout(() => {
        const event = new MessageEvent("message", { data: structuredClone(data) });
        if (this.onmessage) this.onmessage(event);
        this.dispatchEvent(event);
      });
    }

    postMessage(data) {
      if (this.waiting) this.waiting.push(data);
      else setTimeout(() => this.inner.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) })));
    }

    terminate() {
      this.frame.remove();
    }
  };
}
