"""The question bank: every question with what is known of it. Above quizzes and publishing; educators alone see it."""
