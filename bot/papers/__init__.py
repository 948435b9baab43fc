"""Documents that come with messages (PDF, DOCX, XLSX), read as rows of cells."""
