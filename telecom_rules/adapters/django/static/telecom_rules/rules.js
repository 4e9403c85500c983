// Opens the form of an event where a request was refused for want of the data that come with it:
// a card that was dragged on a board, a status that was set by a script.
(() => {
  const plain = window.fetch;
  window.fetch = async (...request) => {
    const response = await plain(...request);
    const form = response.status === 403 && response.headers.get("Telecom-Rules-Form");
    if (form) window.location.assign(form);
    return response;
  };
})();
