"""Pictures of articles: an uploaded file is decoded, checked and encoded anew, and only what was made here is kept and served."""
