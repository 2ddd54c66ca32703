output "url" {
  description = "Where the application answers (string)."
  value       = folder_app.this.url
}
